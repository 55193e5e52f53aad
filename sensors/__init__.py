"""Things that report heartbeats: a Bluetooth strap, a recording, a simulated athlete."""

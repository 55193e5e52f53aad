"""One athlete's session: sensor events in, readings out; no clock, no I/O."""

from device.reading import Reading, RecentBeat

__all__ = ["Reading", "RecentBeat"]

"""The mistakes a person can make, each told in one clear line.

Trouble with the link is no mistake and no exception: it is the value
:class:`sensors.events.Disconnected`. Everything here ends a command with exit code 2.
"""


class BeatwiseError(Exception):
    """Something the person at the keyboard can put right; ``str()`` is the whole message."""


class ConfigError(BeatwiseError, ValueError):
    """A wrong key or value in a settings file: names the file, the line and the key."""


class UnknownAthlete(BeatwiseError, LookupError):
    """No athlete of that name; says which there are."""


class BadSource(BeatwiseError, ValueError):
    """A ``--source`` that cannot be understood; says what it could be."""


class StoreError(BeatwiseError, OSError):
    """The database cannot be used as asked: locked, read-only, newer than this program."""


class NotHere(BeatwiseError, LookupError):
    """Nobody of that name trains here now, or no such strap is near; says what to do."""

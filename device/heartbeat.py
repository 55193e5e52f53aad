"""Telling systemd that the program lives, from the loops that must not hang.

The protocol is a line of text to a datagram socket, and promised to stay so: systemd's own manual
shows it in as many lines as here. The two packages for it are a binding that has to be compiled,
and one without a release for years.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

Notify = Callable[[str], object]

USUAL_WITHIN_S = 30.0
"""A part that must live says so more often than this."""
OFTEN = 4
"""So many times within the time that systemd allows it is told."""


class Heartbeat:
    """Alive as long as every part that has to live says so.

    A part is whatever would leave people with a dead device if it hung: each measurement, the
    screen. Where systemd does not watch, nothing is told and nothing is lost.
    """

    def __init__(
        self,
        notify: Notify | None = None,
        *,
        within_s: float = USUAL_WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.within_s = within_s
        self._notify = notify
        self._clock = clock
        self._last_s: dict[int, tuple[str, float]] = {}
        self._parts = 0
        self._ready = False

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> "Heartbeat":
        """As systemd asked for it when it started this service, or nobody did.

        Not asked is whether WATCHDOG_PID is this process: on a display of its own the program is a
        grandchild of what systemd started.
        """
        address = environ.get("NOTIFY_SOCKET", "")
        if not address:
            return cls()
        usec = environ.get("WATCHDOG_USEC", "")
        within_s = int(usec) / 1e6 if usec.isdigit() and int(usec) else USUAL_WITHIN_S
        return cls(to_socket(address), within_s=within_s)

    @property
    def watched(self) -> bool:
        """Whether anybody is told."""
        return self._notify is not None

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[], None]]:
        """While it lasts, what it yields must be called more often than every ``within_s``."""
        self._parts += 1
        number = self._parts

        def alive() -> None:
            self._last_s[number] = name, self._clock()

        alive()
        try:
            yield alive
        finally:
            del self._last_s[number]

    def silent(self) -> list[str]:
        """The parts that have not been heard of for too long."""
        now_s = self._clock()
        return [name for name, last_s in self._last_s.values() if now_s - last_s > self.within_s]

    def ready(self) -> None:
        """The service is up: it draws, measures, or waits for its button."""
        if not self._ready:
            self._ready = True
            self._tell("READY=1")

    def tell(self) -> None:
        """Say once how it stands; a part that hangs ends the program, which is started anew."""
        if silent := self.silent():
            names = ", ".join(sorted(set(silent)))
            log.error("hanging: %s", names)
            self._tell(f"STATUS=hanging: {names}\nWATCHDOG=trigger")
        else:
            self._tell("WATCHDOG=1")

    async def run(self) -> None:
        """Be ready, and tell until cancelled."""
        self.ready()
        while True:
            self.tell()
            await asyncio.sleep(self.within_s / OFTEN)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Ready, and told from this event loop while it lasts; at its end systemd knows it ends."""
        telling = asyncio.ensure_future(self.run()) if self.watched else None
        try:
            yield
        finally:
            if telling is not None:
                telling.cancel()
                self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if self._notify is not None:
            self._notify(words)


def to_socket(address: str) -> Notify:
    """Sends to systemd's socket; ``@`` begins one in the abstract name space."""
    path = f"\0{address[1:]}" if address.startswith("@") else address

    def send(words: str) -> None:
        # Whoever listened has gone or does not read: no reason to stop measuring.
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to,
        ):
            to.setblocking(False)
            to.sendto(words.encode(), path)

    return send

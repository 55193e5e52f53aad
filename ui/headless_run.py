"""A live session without a screen: begun and ended by a signal or a button, told as JSON lines."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict, replace

from device.cue import Cue
from device.cue_task import cues_beside
from device.intended import Intended
from device.measure import Measurement
from device.monitor import Show
from device.reading import Reading
from device.station import Station
from sensors.events import SensorEvent
from ui.headless import JsonLines
from ui.live_run import audible
from ui.wiring import local_now


async def headless(
    station: Station, intended: Intended, until_s: float | None, *, wait: bool = False
) -> None:
    """Measure without a screen: JSON lines on standard output, the last one the summary.

    Ctrl-C, SIGUSR1 and the button are the athlete's word that the session is over; with ``wait``
    SIGUSR1 and the button begin it too, unless one that was cut off is gone on with. SIGUSR2 pauses
    and goes on. SIGTERM and SIGHUP are the machine's: the session stays open, and can be gone on
    with.
    """
    hands = Hands()
    loop = asyncio.get_running_loop()
    for number, act in (
        (signal.SIGINT, hands.stop),
        (signal.SIGTERM, hands.leave_open),
        (signal.SIGUSR1, hands.begin_or_stop),
        (signal.SIGUSR2, hands.pause_or_go_on),
    ):
        loop.add_signal_handler(number, act)
    # A terminal that goes away is no decision either; nohup has asked not to hear of it.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, hands.leave_open)
    lines = hands.lines = JsonLines(sys.stdout, on_closed=hands.stop)
    async with AsyncExitStack() as beside:
        beside.enter_context(station.heartbeat.beating())
        say = None
        if audible(intended):
            say = await beside.enter_async_context(
                cues_beside(
                    station.config.cues,
                    tell=lambda text: lines.write("notice", hands.t_s, text=text),
                    on_button=hands.begin_or_stop,
                )
            )
        if wait and intended.going_on is None:
            lines.write("waiting", 0.0)
            await hands.begun.wait()
            if hands.over:
                return
            intended = replace(intended, started=local_now())
        measurement = Measurement(
            intended,
            station.store,
            sync_s=station.config.store.sync_s,
            say=say,
            summary_min=station.config.cues.summary_min,
            summary_km=station.config.cues.summary_km,
            heartbeat=station.heartbeat,
        )
        if say is not None:
            say(Cue("start"))
        show = telling_trouble(measurement, lines)
        running = asyncio.ensure_future(measurement.run(show, until_s=until_s))
        hands.take(measurement, running)
        await asyncio.wait({running})
        if not running.cancelled():
            running.result()
        if say is not None and not measurement.leave_open:
            say(Cue("stop"))
    lines.write(
        "summary",
        session=measurement.session_id,
        trouble=measurement.trouble,
        **asdict(measurement.session.summary()),
    )


def telling_trouble(measurement: Measurement, lines: JsonLines) -> Show:
    """The lines, with one more when the disk refuses and when it takes again."""
    was_saving = True

    def show(event: SensorEvent, reading: Reading) -> None:
        nonlocal was_saving
        is_saving = measurement.trouble is None
        if is_saving != was_saving:
            was_saving = is_saving
            lines.write("notice", reading.t_s, text=measurement.trouble or "saving again")
        lines.show(event, reading)

    return show


class Hands:
    """What signals and the button do to a session, before it begins and while it runs."""

    lines: JsonLines

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.over = False
        """Ended, perhaps before it began."""
        self._measurement: Measurement | None = None
        self._running: asyncio.Future[None] | None = None

    @property
    def t_s(self) -> float:
        """Session seconds; 0 before it begins."""
        return 0.0 if self._measurement is None else self._measurement.session.t_s

    def take(self, measurement: Measurement, running: "asyncio.Future[None]") -> None:
        """From now on this is what they act on."""
        self._measurement, self._running = measurement, running
        self.begun.set()
        if self.over:
            running.cancel()

    def begin_or_stop(self) -> None:
        """Whichever applies."""
        if self.begun.is_set():
            self.stop()
        else:
            self.begun.set()

    def stop(self) -> None:
        """The athlete's word that it is over."""
        self.over = True
        self.begun.set()
        if self._running is not None:
            self._running.cancel()

    def leave_open(self) -> None:
        """The machine goes down: it can be gone on with."""
        if self._measurement is not None:
            self._measurement.leave_open = True
        self.stop()

    def pause_or_go_on(self) -> None:
        """Whichever applies."""
        measurement = self._measurement
        if measurement is None:
            return
        if measurement.session.effort.paused_by_key:
            measurement.resume()
            self.lines.write("resume", measurement.session.t_s, reason="")
        else:
            measurement.pause()
            self.lines.write("pause", measurement.session.t_s, reason="")

"""What an effort is judged by: the target of the moment, the running time, pauses, and doubt."""

from device.alerts import WARM_UP_S, Alert, Alerts
from device.doubt import Doubt
from device.intent import Band
from device.reading import Side
from device.steps import WARM_UP, StepNow, Steps

DOUBTED = "the heart rate jumped as no heart does: wet the strap; not judged meanwhile"


class Effort:
    """One athlete's run as it is meant to be; knows the time only from what it is told."""

    def __init__(self, band: Band | None, steps: Steps | None) -> None:
        self.running_s = 0.0
        """Since the first heartbeat, pauses left out."""
        self.step: StepNow | None = None
        self.paused_by_key = False
        self.strap_off = False
        self.doubted = False
        """The heart rate jumped as no heart does: it is not judged."""
        self.alerts = Alerts()
        self._band = band
        self._steps = steps
        self._doubt = Doubt()
        self._step_at()

    @property
    def paused(self) -> bool:
        """By key, or because the strap is off."""
        return self.paused_by_key or self.strap_off

    @property
    def band(self) -> Band | None:
        """The target now; after the last step its own goes on."""
        if self._steps is None:
            return self._band
        return self._steps.steps[-1].band if self.step is None else self.step.step.band

    def pass_time(self, passed_s: float) -> None:
        """Time in which somebody ran."""
        if not self.paused:
            self.running_s += passed_s
            self._step_at()

    def beat(self, t_s: float, rr_ms: float, *, gap_before: bool) -> None:
        """An interval came: is it a step that no heart takes?"""
        self._doubt.beat(t_s, rr_ms, gap_before=gap_before)

    def judge(
        self, t_s: float, hr_bpm: float | None, *, contact: bool | None, silent_s: float
    ) -> Alert | None:
        """Look at one second; ``silent_s`` is how long there was no heartbeat."""
        self.doubted = self._doubt.add(t_s, hr_bpm)
        # Once off it stays off until there is a heart rate again, also when the link goes too.
        self.strap_off = hr_bpm is None and (self.strap_off or contact is False)
        return self.alerts.add(
            t_s,
            hr_bpm,
            self.band,
            paused=self.paused_by_key,
            warm_up=self.warming_up,
            silent_s=silent_s,
            doubted=self.doubted,
        )

    def judge_anew(self) -> None:
        """Forget what was judged; the running time stays."""
        self.alerts, self._doubt = Alerts(), Doubt()
        self.strap_off = self.doubted = False

    def side(self, hr_bpm: float) -> Side | None:
        """Where a heart rate is against the target; None without one."""
        off_bpm = self.beats_off(hr_bpm)
        if off_bpm is None:
            return None
        return "inside" if not off_bpm else "over" if off_bpm > 0 else "under"

    def beats_off(self, hr_bpm: float) -> float | None:
        """Beats over the ceiling (positive) or under the floor (negative); 0 inside."""
        band = self.band
        if band is None:
            return None
        if band.ceiling_bpm is not None and hr_bpm > band.ceiling_bpm:
            return hr_bpm - band.ceiling_bpm
        if band.floor_bpm is not None and hr_bpm < band.floor_bpm:
            return hr_bpm - band.floor_bpm
        return 0.0

    @property
    def warming_up(self) -> bool:
        """By the steps where there are any, else the first ten minutes that were run."""
        if self._steps is None:
            return self.running_s < WARM_UP_S
        return self.step is not None and self.step.step.name == WARM_UP

    def _step_at(self) -> None:
        if self._steps is not None:
            self.step = self._steps.at(self.running_s)

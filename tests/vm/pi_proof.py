"""The device being proved: what is done to it, what it answers, and what was found out of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from image import CHECKOUT
from pi_device import LOG, MEMORY_MB, Device, NotAsExpected

OWNER, KIOSK_OWNER = "anna", "beatwise"
DATA = "/var/lib/beatwise"
PROGRAM = "/opt/beatwise/current/bin/beatwise"
POCKET, KIOSK = "beatwise-pocket.service", "beatwise-kiosk.service"
SETUP = "/usr/local/sbin/beatwise-setup"
MOST_EXPOSED = 3.0
"""Of `systemd-analyze security`."""
STRAP = "F0:F1:F2:F3:F4:F5"
LIVE_S = 60
LOST_AT_MOST_S = 5.0
WATCHDOG_S = 30.0
POLL_S = 1.0
"""Each look costs the device what it would rather do."""
LATE_S = 5.0
"""What the strap has sent reaches the program so much later on a slow, busy machine."""
STOPPING_S = 8.0
"""The strap goes on sending while the program that was told to stop hangs up."""


@dataclass(slots=True)
class Proof:
    """The device being proved, and what was found out of it."""

    bundle: Path
    device: Device = field(init=False)
    costs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    session: int = 0
    """The session that is cut off and gone on with."""
    before: list[list[int]] = field(default_factory=list)
    """RR ticks of it that the strap has sent until the power was cut."""
    missing_s: list[float] = field(default_factory=list)
    """Of each link in it, how much may be lost at its end."""

    @property
    def bundle_there(self) -> str:
        """The bundle's folder, seen from the device."""
        return f"/beatwise/{self.bundle.relative_to(CHECKOUT)}"

    async def wear(self, first_ticks: int, address: str = STRAP, name: str = "Strap H10") -> None:
        """A strap whose intervals all differ, counting up from ``first_ticks``."""
        rr_ticks = [first_ticks + k for k in range(600)]
        await self.device.strap(
            "wear", name=name, address=address, battery_pct=87, rr_ticks=rr_ticks
        )

    async def measured(self, what: str, *words: str, limit_s: float = 480) -> dict[str, Any]:
        """Run a program as the owner and keep what it cost."""
        command = ("python3", "/beatwise/tests/vm/measure.py", OWNER, *words)
        said = await self.device.run(*command, limit_s=limit_s)
        if said.code != 0:
            raise NotAsExpected(f"{words}: {said}")
        cost: dict[str, Any] = json.loads(said.out)
        if cost["code"] != 0:
            raise NotAsExpected(f"{words} ended with {cost['code']}: {cost['out']}{cost['err']}")
        self.costs.append((what, cost))
        return cost

    async def stored(self, owner: str = KIOSK_OWNER, session: int | None = None) -> dict[str, Any]:
        """What the database holds, as the program's own Python reads it."""
        python = "/opt/beatwise/current/bin/python"
        wanted = "" if session is None else str(session)
        script = f"runuser -u {owner} -- {python} /beatwise/tests/vm/stored.py {DATA} {wanted}"
        found: dict[str, Any] = json.loads(await self.device.sh(script))
        if found["check"] != "ok":
            raise NotAsExpected(f"the database is damaged: {found['check']}")
        return found

    async def sent(self, address: str = STRAP) -> list[list[int]]:
        """What the strap has sent, one list for each subscription."""
        return [run for run in await self.device.strap("sent", address=address) if run]

    async def eventually(
        self, holds: Callable[[], Awaitable[Any]], what: str, *, limit_s: float = 180.0
    ) -> Any:
        """Ask until it holds; the answer."""
        try:
            async with asyncio.timeout(limit_s):
                while not (answer := await holds()):  # noqa: ASYNC110 - the device tells nothing
                    await asyncio.sleep(POLL_S)
                return answer
        except TimeoutError:
            raise NotAsExpected(f"waited {limit_s:.0f} s for {what}") from None

    async def beats(self, more: int, address: str = STRAP) -> None:
        """Wait until the strap has sent so many more."""
        due = sum(map(len, await self.sent(address))) + more

        async def enough() -> bool:
            return sum(map(len, await self.sent(address))) >= due

        await self.eventually(enough, f"{more} beats to be sent")

    async def screen(self, console: int = 1) -> str:
        """The text that a console shows."""
        script = f"stty -F /dev/tty{console} size; iconv -f UTF-32LE -t UTF-8 /dev/vcsu{console}"
        size, shown = (await self.device.sh(script)).split("\n", 1)
        rows, columns = map(int, size.split())
        return "\n".join(shown[i * columns : (i + 1) * columns].rstrip() for i in range(rows))

    async def shows(self, *wanted: str, name: str, console: int = 1, limit_s: float = 240) -> str:
        """Wait until all these words are on the screen; keep it as a picture and as text."""
        text = ""

        async def all_there() -> bool:
            nonlocal text
            text = await self.screen(console)
            return all(word in text for word in wanted)

        try:
            await self.eventually(all_there, "the screen", limit_s=limit_s)
        except NotAsExpected:
            raise NotAsExpected(f"the screen should have {wanted}, but shows:\n{text}") from None
        finally:
            await self.device.picture(LOG / f"{name}.png")
            (LOG / f"{name}.txt").write_text(text)
        return text

    async def unit(self, name: str, what: str) -> str:
        """A property of a service."""
        said = await self.device.run("systemctl", "show", "--value", "-p", what, name)
        return said.out.strip()

    async def takes_the_role(self, role: str) -> None:
        """Become another kind of device, as its owner would say it; its service runs then."""
        said = await self.device.sh(f"{SETUP} --role {role} --no-packages", limit_s=400)
        active = await self.unit(f"beatwise-{role}.service", "ActiveState")
        if "Done." not in said or active != "active":
            raise NotAsExpected(f"the service is {active}: {said}")

    async def exposure(self, unit: str) -> float:
        """What `systemd-analyze security` makes of it; raises NotAsExpected above MOST_EXPOSED."""
        judged = await self.device.sh(f"systemd-analyze security {unit} --no-pager | tail -n 1")
        exposure = float(judged.split(":")[1].split()[0])
        if exposure > MOST_EXPOSED:
            raise NotAsExpected(judged)
        return exposure

    async def type(self, text: str) -> None:
        """At the keyboard."""
        for character in text:
            await self.device.press({"\n": "ret", " ": "spc"}.get(character, character))

    async def ends_and_goes_on(self, signal: str, *, limit_s: float) -> None:
        """A signal to the measuring process; systemd starts another, and the session goes on."""
        restarts = await self.unit(POCKET, "NRestarts")
        runs = len((await self.stored(session=self.session))["runs"])
        await self.beats(5)
        pid = await self.unit(POCKET, "MainPID")
        await self.device.sh(f"kill -{signal} {pid}")

        async def is_another() -> bool:
            return await self.unit(POCKET, "NRestarts") != restarts

        await self.eventually(is_another, f"another process after SIG{signal}", limit_s=limit_s)
        await self.beats(10)

        async def goes_on() -> bool:
            return len((await self.stored(session=self.session))["runs"]) > runs

        await self.eventually(goes_on, "the session to go on")

    async def tell_what_it_logged(self) -> None:
        """Keep the journal of the boot that went wrong."""
        try:
            said = await self.device.run("journalctl", "--no-pager", "-b", limit_s=60)
        except (NotAsExpected, OSError):
            return
        (LOG / "journal.txt").write_text(said.out)

    def report(self) -> str:
        """The section of docs/RELIABILITY.md."""
        rows = "\n".join(
            f"| {what} | {_s(cost['until_s'])} | {_s(cost['wall_s'])} | {cost['cpu_s']:.1f} "
            f"| {cost['most_mb']:.0f} |"
            for what, cost in self.costs
        )
        facts = "\n".join(f"- {fact}" for fact in self.facts)
        return f"""## On arm64

Written by `make test-pi`; do not edit. An emulated machine (qemu, two cortex-a72, {MEMORY_MB} MB)
with Debian trixie, Python 3.13, BlueZ 5.82, systemd; Beatwise installed by `install.sh --offline`.
Memory is what it would be on a Pi. Times are the emulator's, beside whatever else the machine had
to do, and no Pi's: read them against the first row.

Without a network installed, and again, which changed nothing; a minute and a morning measured; a
person logged in at the first console, trained and left; as a service it was killed, hung (systemd's
watchdog ended it) and lost its power: each time the session went on by itself, and of each link
only the last seconds were missing. A board was drawn, nothing listened, and it was uninstalled.

| | until it says so, s | in all, s | processor, s | memory, MB |
|---|---:|---:|---:|---:|
{rows}

{facts}"""


def _s(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"


def matches(runs: list[list[int]], sent: list[list[int]], missing_s: list[float]) -> None:
    """Each link's beats are those of one subscription, from the first on; its last ones may miss.

    ``missing_s`` tells of each link how much. Raises NotAsExpected.
    """
    if not len(runs) == len(sent) == len(missing_s):
        raise NotAsExpected(f"{len(missing_s)} links were expected: stored {runs}, sent {sent}")
    for run, source, most_s in zip(runs, sent, missing_s, strict=True):
        lost_s = sum(source[len(run) :]) / 1024
        if source[: len(run)] != run or lost_s > most_s:
            raise NotAsExpected(f"{lost_s:.1f} s are missing: stored {runs}, sent {sent}")

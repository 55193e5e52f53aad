"""What is proved on the device, step by step, boot by boot."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from pi_device import LOG
from pi_proof import (
    DATA,
    KIOSK,
    LATE_S,
    LIVE_S,
    LOST_AT_MOST_S,
    OWNER,
    POCKET,
    SETUP,
    STOPPING_S,
    STRAP,
    WATCHDOG_S,
    Proof,
    matches,
)  # fmt: skip

Step = Callable[[Proof], Awaitable[None]]


async def boots_and_finds_its_adapter(proof: Proof) -> None:
    state = await proof.device.run("systemctl", "is-system-running", "--wait", limit_s=400)
    failed = await proof.device.sh("systemctl --failed --no-legend")
    assert state.out.strip() == "running", f"{state.out}{failed}"

    async def powered() -> bool:
        return "Powered: yes" in (await proof.device.run("bluetoothctl", "show")).out

    await proof.eventually(powered, "the adapter to be powered")
    if not proof.session:
        await proof.device.sh(f"useradd --create-home --shell /bin/bash {OWNER}; passwd -d {OWNER}")


async def installs_without_a_network(proof: Proof) -> None:
    script = f"{proof.bundle_there}/install.sh --role personal --owner {OWNER}"
    said = await proof.device.sh(f"{script} --offline {proof.bundle_there}", limit_s=1500)
    assert "Done." in said, said
    again = await proof.device.sh(f"{script} --offline {proof.bundle_there}", limit_s=600)
    assert "is here already" in again, f"twice is not once: {again}"
    athlete = 'name = "Anna"\\nvt1_bpm = 148\\n[strap]\\naddress = "' + STRAP + '"\\n'
    await proof.device.sh(
        f"install -d -m 0700 -o {OWNER} -g {OWNER} {DATA}/athletes;"
        f" printf '{athlete}' >{DATA}/athletes/anna.toml; chown {OWNER} {DATA}/athletes/anna.toml"
    )


async def doctor_finds_all_that_is_needed(proof: Proof) -> None:
    said = await proof.device.sh(f"runuser -u {OWNER} -- beatwise doctor --role personal --json")
    found = json.loads(said)
    findings = found["findings"] if isinstance(found, dict) else found
    missing = [one for one in findings if one["verdict"] == "missing"]
    assert not missing, missing
    assert any(one["what"] == "bluetooth" and one["verdict"] == "ok" for one in findings), findings


async def starts(proof: Proof) -> None:
    await proof.measured("Python alone", "--", "/opt/beatwise/current/bin/python", "-c", "pass")
    await proof.measured("`beatwise where`", "--", "beatwise", "where")


async def a_minute_live(proof: Proof) -> None:
    await proof.wear(600)
    cost = await proof.measured(
        f"`beatwise live --headless`, {LIVE_S} s linked",
        *("--until", '"state": "connected"', "--for", str(LIVE_S)),
        *("--", "beatwise", "live", "--headless", "--athlete", "Anna"),
    )
    lines = [json.loads(line) for line in cost["out"].splitlines()]
    summary = lines[-1]
    assert summary["event"] == "summary", lines[-3:]
    assert summary["trouble"] is None, summary
    assert summary["lost_beats"] == summary["doubled"] == 0, summary
    assert [line for line in lines if line["event"] == "reading" and line["rmssd_ms"]], lines[-5:]
    found = await proof.stored(OWNER)
    assert found["sessions"][0]["outcome"] == "stopped", found
    matches(found["runs"], await proof.sent(), [STOPPING_S])
    assert summary["n_beats"] == sum(map(len, found["runs"])), (summary, found)
    await proof.device.strap("take_off", address=STRAP)


async def a_morning(proof: Proof) -> None:
    # A heart at rest that breathes: 60 bpm, and all intervals 30 ticks from the next.
    rr_ticks = [1024 + offset for offset in (0, 30, 60, 30, 0, -30, -60, -30)]
    await proof.device.strap(
        "wear", name="Strap H10", address=STRAP, battery_pct=87, rr_ticks=rr_ticks
    )
    cost = await proof.measured(
        "`beatwise morning --protocol quick`, two minutes",
        *("--until", '"state": "connected"', "--for", "600"),
        *("--", "beatwise", "morning", "--headless", "--athlete", "Anna", "--protocol", "quick"),
        *("--posture", "seated", "--feel", "4,4,4,4,4", "--symptoms", "none"),
    )
    summary = json.loads(cost["out"].splitlines()[-1])
    assert summary["event"] == "summary", summary
    assert summary["outcome"] == "accepted", summary
    assert summary["stage"] == "learning", summary
    assert summary["trouble"] is None, summary
    assert abs(summary["rmssd_ms"] - 30 * 1000 / 1024) < 0.1, summary
    assert abs(summary["mean_hr_bpm"] - 60) < 1, summary
    await proof.device.strap("take_off", address=STRAP)


async def a_person_logs_in(proof: Proof) -> None:
    """At the keyboard of the first console: the app is there, measures, and saves what it drew."""
    await proof.wear(440)
    await proof.shows("login:", name="login")
    await proof.type(f"{OWNER}\n")
    await proof.shows("Anna", "easy", name="home")
    await proof.type("e")
    await proof.shows("space", "start", name="before")
    await proof.type(" ")
    await proof.shows("inside your easy range", name="live")
    await proof.beats(20)
    await proof.device.picture(LOG / "live.png")
    await proof.type("q")
    await proof.shows("How hard was it", name="debrief")
    found = await proof.stored(OWNER)
    assert found["sessions"][0]["outcome"] == "stopped", found
    matches(found["runs"], await proof.sent(), [STOPPING_S])
    await proof.device.strap("take_off", address=STRAP)
    await proof.type("q")
    await proof.shows("Last sessions", name="home-again")
    await proof.type("q")
    await proof.shows("$", name="shell")
    await proof.type("beatwise doctor\n")
    await proof.shows("versions", "clock", "cues", name="doctor")


async def runs_in_a_pocket(proof: Proof) -> None:
    await proof.takes_the_role("pocket")
    await proof.wear(700)
    await proof.device.sh(f"systemctl kill --signal SIGUSR1 {POCKET}")
    await proof.beats(20)
    await asyncio.sleep(LOST_AT_MOST_S)
    found = await proof.stored()
    proof.session = found["sessions"][0]["id"]
    assert found["sessions"][0]["outcome"] is None, found
    proof.facts.append(f"`{POCKET}`: {await proof.exposure(POCKET)} of `systemd-analyze security`.")


async def a_kill_is_survived(proof: Proof) -> None:
    await proof.ends_and_goes_on("KILL", limit_s=200)
    proof.missing_s.append(LOST_AT_MOST_S + LATE_S)


async def a_hang_is_noticed(proof: Proof) -> None:
    """A process that does nothing any more is ended by systemd, and its session gone on with."""
    await proof.ends_and_goes_on("STOP", limit_s=300)
    proof.missing_s.append(WATCHDOG_S + LOST_AT_MOST_S + LATE_S)


async def the_plug_is_pulled(proof: Proof) -> None:
    await proof.beats(15)
    proof.before = await proof.sent()
    proof.missing_s.append(LOST_AT_MOST_S + LATE_S)
    await proof.device.cut_power()


async def goes_on_after_the_power_cut(proof: Proof) -> None:
    await proof.wear(900)
    await proof.beats(15)
    await asyncio.sleep(LOST_AT_MOST_S)
    found = await proof.stored(session=proof.session)
    newest = found["sessions"][0]
    assert (newest["id"], newest["outcome"]) == (proof.session, None), found["sessions"]
    *earlier, last = found["runs"]
    matches(earlier, proof.before, proof.missing_s)
    matches([last], await proof.sent(), [LOST_AT_MOST_S + LATE_S])
    await proof.device.sh(f"systemctl kill --signal SIGUSR1 {POCKET}")

    async def closed() -> bool:
        return (await proof.stored())["sessions"][0]["outcome"] == "stopped"

    await proof.eventually(closed, "the session to be closed")


async def shows_a_board(proof: Proof) -> None:
    """The kiosk's unit draws on the first console, sealed off, and listens to nobody."""
    await proof.takes_the_role("kiosk")
    await proof.shows("easy to 148", name="board", limit_s=300)
    await proof.beats(10)
    await proof.device.picture(LOG / "board.png")
    proof.facts.append(f"`{KIOSK}`: {await proof.exposure(KIOSK)} of `systemd-analyze security`.")
    listening = await proof.device.sh("ss -Hlntu")
    assert not listening.strip(), f"something listens: {listening}"


async def is_uninstalled(proof: Proof) -> None:
    said = await proof.device.sh(f"{SETUP} --uninstall", limit_s=300)
    left = await proof.device.sh(
        f"test -s {DATA}/beatwise.db; ls -d /opt/beatwise /usr/local/bin/beatwise"
        " /etc/systemd/system/beatwise* 2>/dev/null || true"
    )
    assert not left.strip(), f"{left} are left: {said}"


ESSENTIAL = (boots_and_finds_its_adapter, installs_without_a_network)
"""Where one of these fails there is nothing to prove."""
BOOTS: dict[str, tuple[Step, ...]] = {
    "first": (
        boots_and_finds_its_adapter,
        installs_without_a_network,
        doctor_finds_all_that_is_needed,
        starts,
        a_minute_live,
        a_morning,
        a_person_logs_in,
        runs_in_a_pocket,
        a_kill_is_survived,
        a_hang_is_noticed,
        the_plug_is_pulled,
    ),
    "after-the-power-cut": (
        boots_and_finds_its_adapter,
        goes_on_after_the_power_cut,
        shows_a_board,
        is_uninstalled,
    ),
}

"""In the guest: several straps at the same time, each its athlete's."""

import signal
from collections.abc import Callable

from app import AppGuest, data_folder, stored_events
from bluetooth_bench import Environment, compare, runs
from program import Line, Program, shows_a_heart_rate

PEOPLE = {
    "Anna": ("F0:F1:F2:F3:00:01", 600),
    "Ben": ("F0:F1:F2:F3:00:02", 700),
    "Caro": ("F0:F1:F2:F3:00:03", 800),
}
"""Name to the strap's address, and the first of its intervals, in ticks."""


async def a_gym_of_three(env: Environment) -> None:
    """Three straps on one adapter: nobody's beats are lost, or doubled, or another's."""
    assert isinstance(env, AppGuest)
    await env.strap("vanish")  # the strap of the other scenarios would be a stranger's
    for name, (address, first_ticks) in PEOPLE.items():
        rr_ticks = [first_ticks + k for k in range(90)]
        await env.tell(
            "wear", name=f"Strap {name}", address=address, battery_pct=90, rr_ticks=rr_ticks
        )
    try:
        await _train(env)
    finally:
        for address, _ in PEOPLE.values():
            await env.tell("take_off", address=address)


async def _train(env: AppGuest) -> None:
    data = data_folder()
    (data / "roster.toml").write_text(
        "\n".join(
            f'[[athlete]]\nname = "{name}"\nvt1_bpm = 140\n[athlete.strap]\naddress = "{address}"\n'
            for name, (address, _) in PEOPLE.items()
        )
    )
    kiosk = Program()
    await kiosk.begin("kiosk", "--headless", "--roster", data / "roster.toml", data=data)
    for name in PEOPLE:
        await kiosk.says(_is_well(name), f"heart rate of {name}", patience_s=env.patience_s)

    await env.tell("drop", address=PEOPLE["Ben"][0])
    await kiosk.says(_lost("Ben"), "word that Ben's strap is lost", patience_s=env.patience_s)
    # Its last heart rate may be shown as fresh for some seconds: only a new link says it is back.
    await kiosk.says(_linked("Ben"), "word that Ben's strap is back", patience_s=env.patience_s)
    for name in PEOPLE:
        await kiosk.says(_is_well(name), f"heart rate of {name}", patience_s=env.patience_s)

    due = {name: await env.sent(address) for name, (address, _) in PEOPLE.items()}
    await kiosk.end(signal.SIGINT, 0, patience_s=env.patience_s)
    lost = {line["athlete"] for line in kiosk.lines if _is_lost(line)}
    assert lost == {"Ben"}, f"one strap's trouble should not be another's: {lost}"
    for name, (address, _) in PEOPLE.items():
        came_out = runs(stored_events(data, name))
        assert len(came_out) == (2 if name == "Ben" else 1), (name, came_out)
        compare(came_out, await env.sent(address), due[name], in_flight=1)


def _is_well(name: str) -> Callable[[Line], bool]:
    return lambda line: line.get("athlete") == name and shows_a_heart_rate(line)


def _is_lost(line: Line) -> bool:
    return (line["event"], line.get("state")) == ("link", "lost")


def _linked(name: str) -> Callable[[Line], bool]:
    return lambda line: (
        line.get("athlete") == name and (line["event"], line.get("state")) == ("link", "connected")
    )


def _lost(name: str) -> Callable[[Line], bool]:
    return lambda line: line.get("athlete") == name and _is_lost(line)

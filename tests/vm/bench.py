"""The host's side of the tests: straps in the air, and the far end of the guest's adapter.

    bench.py HCI_SOCKET CONTROL_SOCKET

The guest's UART is connected to HCI_SOCKET; over CONTROL_SOCKET, one JSON object a line, the guest
says what befalls a strap ({"command": "drop", "address": "F0:..."}; without an address: the first
one worn), and each line is answered by one when it has taken effect: {"ok": value} or {"error":
text}. Commands are the methods of :class:`Bench` named after them; bluetooth_bench.Environment
tells what they mean.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from bumble import hci
from bumble.transport import open_transport
from bumble.transport.common import Transport
from strap import Strap
from virtual_radio import ADAPTER_ADDRESS, Adapter, Air

SUPERVISION_TIMEOUT = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR


class Bench:
    """The straps, the air and the adapter, and what befalls them: one method a command."""

    def __init__(self, hci_transport: Transport) -> None:
        self.hci_transport = hci_transport
        self.air = Air()
        self.adapter: Adapter | None = None
        self.straps: dict[str, Strap] = {}
        self.beating: dict[str, asyncio.Task[None]] = {}

    def worn(self, address: str | None) -> Strap:
        """The strap with this address, else the first one that was put on."""
        if not self.straps:
            raise LookupError("no strap yet: send the command wear first")
        return self.straps[address or next(iter(self.straps))]

    async def wear(self, address: str, **strap: Any) -> None:
        """Put on a strap of this name, address, battery and sequence of beats, and switch it on."""
        worn = self.straps[address] = Strap(self.air, address=address, **strap)
        await worn.advertise()
        self.beating[address] = asyncio.create_task(worn.beat())

    async def take_off(self, address: str) -> None:
        """Out of range for good: it is forgotten here."""
        await self.lost(address)
        self.beating.pop(address).cancel()
        strap = self.straps.pop(address)
        await strap.device.stop_advertising()
        self.air.remove_controller(strap.controller)

    async def settle(self, address: str | None = None) -> None:
        """Wait until what was notified has had half a period to arrive.

        A link that is cut in the same instant as a notification may lose it on its way up through
        kernel and bluetoothd; no program could help that, and no scenario is about it.
        """
        strap = self.worn(address)
        since_s = asyncio.get_running_loop().time() - strap.last_notified_s
        await asyncio.sleep(max(0.0, strap.wait_s / 2 - since_s))

    async def reset(self) -> None:
        """In range, speaking, unlinked, nothing sent yet; the running counts go on."""
        self.air.away.clear()
        self.air.deaf.clear()
        if self.adapter is not None:
            self.adapter.places = None
        for strap in self.straps.values():
            strap.silent = False
            await self._hang_up(strap)
            strap.sent.clear()

    async def drop(self, address: str | None = None) -> None:
        await self.settle(address)
        await self._hang_up(self.worn(address))

    async def lost(self, address: str | None = None) -> None:
        strap = self.worn(address)
        await self.settle(address)
        self.air.away.add(strap.controller)
        await self._time_out(strap)

    async def vanish(self, address: str | None = None) -> None:
        self.air.away.add(self.worn(address).controller)

    # "return" is no name for a method.
    async def come_back(self, address: str | None = None) -> None:
        self.air.away.discard(self.worn(address).controller)

    async def deaf(self, address: str | None = None) -> None:
        self.air.deaf.add(self.worn(address).controller)

    # "hear", the opposite.
    async def answer(self, address: str | None = None) -> None:
        self.air.deaf.discard(self.worn(address).controller)

    async def silent(self, address: str | None = None) -> None:
        self.worn(address).silent = True

    async def speak(self, address: str | None = None) -> None:
        self.worn(address).silent = False

    async def garble(self, address: str | None = None) -> None:
        await self.worn(address).notify(b"\x16")

    async def sent(self, address: str | None = None) -> list[list[int]]:
        return self.worn(address).sent

    async def linked(self, address: str | None = None) -> bool:
        return bool(self.worn(address).device.connections)

    async def places(self, count: int) -> None:
        if self.adapter is None:
            raise LookupError("no adapter yet: send the command plug first")
        self.adapter.places = count

    async def unplug(self) -> None:
        """The guest has no adapter any more: whoever was linked with it hears nothing."""
        if self.adapter is not None:
            self.air.remove_controller(self.adapter)
            self.adapter = None
        for strap in self.straps.values():
            await self._time_out(strap)

    async def plug(self) -> None:
        """A fresh controller at the end of the guest's UART."""
        await self.unplug()
        # Whatever half packet the last one was sent must not be taken for the start of the next.
        self.hci_transport.source.parser.reset()  # type: ignore[attr-defined]  # a StreamPacketSource
        self.adapter = Adapter(
            "adapter",
            host_source=self.hci_transport.source,
            host_sink=self.hci_transport.sink,
            link=self.air,
            public_address=ADAPTER_ADDRESS,
        )

    async def _hang_up(self, strap: Strap) -> None:
        for connection in list(strap.device.connections.values()):
            await connection.disconnect()
        await strap.unlinked.wait()

    async def _time_out(self, strap: Strap) -> None:
        """Tell both ends of its link that nothing was heard for too long.

        Bumble's links have no supervision timeout of their own.
        """
        address = strap.device.random_address
        for controller in (self.adapter, strap.controller):
            if controller is None:
                continue
            for connection in list(controller.le_connections.values()):
                if controller is strap.controller or connection.peer_address == address:
                    controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)
        await strap.unlinked.wait()


async def serve(bench: Bench, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Obey one guest, line by line."""
    commands: dict[str, Callable[..., Awaitable[object]]] = {
        "wear": bench.wear,
        "take_off": bench.take_off,
        "settle": bench.settle,
        "reset": bench.reset,
        "drop": bench.drop,
        "lost": bench.lost,
        "vanish": bench.vanish,
        "return": bench.come_back,
        "deaf": bench.deaf,
        "hear": bench.answer,
        "silent": bench.silent,
        "speak": bench.speak,
        "garble": bench.garble,
        "sent": bench.sent,
        "linked": bench.linked,
        "places": bench.places,
        "unplug": bench.unplug,
        "plug": bench.plug,
    }
    while line := await reader.readline():
        arguments = json.loads(line)
        name = arguments.pop("command")
        print("command:", name)
        task = asyncio.ensure_future(commands[name](**arguments))
        # Whatever goes wrong is the guest's to report: it knows the scenario.
        await asyncio.wait({task}, timeout=20)
        if not task.done():
            task.cancel()
            answer: dict[str, object] = {"error": f"{name} took no effect within 20 s"}
        elif (error := task.exception()) is not None:
            answer = {"error": f"{name}: {error!r}"}
        else:
            answer = {"ok": task.result()}
        print("answer:", answer)
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()


async def main(hci_socket: str, control_socket: str) -> None:
    bench = Bench(await open_transport(f"unix-server:{hci_socket}"))
    server = await asyncio.start_unix_server(
        lambda reader, writer: serve(bench, reader, writer), control_socket, limit=2**20
    )
    print("listening")
    await server.serve_forever()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a text stream
    logging.basicConfig(level="WARNING", stream=sys.stdout)
    asyncio.run(main(*sys.argv[1:]))

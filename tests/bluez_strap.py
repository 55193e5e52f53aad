"""The strap of the stand-in: what it does in the air, and what bluetoothd publishes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bleak.uuids import normalize_uuid_16
from bluez_objects import CHARACTERISTIC, SERVICE, properties
from dbus_fast import Variant

HCI0, HCI1 = "/org/bluez/hci0", "/org/bluez/hci1"


@dataclass(eq=False)
class Strap:
    """A strap in the air, whether or not bluetoothd knows it."""

    name: str
    address: str
    frame: Callable[[int], bytes]
    """Its k-th notification."""
    rssi_dbm: int = -50
    battery_pct: int = 87
    in_range: bool = True
    answers: bool = True
    """Whether it takes a link; heard it is all the same."""
    speaking: bool = True
    k: int = 0
    sent: list[list[int]] = field(default_factory=list)
    """The k of each notification, one list for each subscription."""
    linked: bool = False
    subscribed: bool = False
    adapter: str = HCI0
    """The one that hears it."""
    polar: bytes | None = None
    """Polar's manufacturer data."""

    @property
    def path(self) -> str:
        return f"{self.adapter}/dev_{self.address.replace(':', '_')}"

    @property
    def measurement_path(self) -> str:
        return f"{self.path}/service000e/char000f"

    def as_device(self) -> dict[str, Variant]:
        """The properties of its Device1."""
        said = {} if self.polar is None else {0x006B: Variant("ay", self.polar)}
        return properties(
            Adapter=self.adapter, Address=self.address, AddressType="random", Alias=self.name,
            ManufacturerData=said, Name=self.name, Paired=False, Connected=False,
            ServicesResolved=False, RSSI=self.rssi_dbm,
            UUIDs=[normalize_uuid_16(u) for u in (0x180D, 0x180F)],
        )  # fmt: skip

    def services(self) -> Iterator[tuple[str, str, dict[str, Variant]]]:
        """Path, interface and properties of its services and characteristics."""
        for service, uuid in (("service000e", 0x180D), ("service0016", 0x180F)):
            values = properties(UUID=normalize_uuid_16(uuid), Device=self.path, Primary=True)
            yield f"{self.path}/{service}", SERVICE, values
        for characteristic, uuid, flags in (
            ("service000e/char000f", 0x2A37, ["notify"]),
            ("service000e/char0012", 0x2A38, ["read"]),
            ("service0016/char0017", 0x2A19, ["read"]),
        ):
            path = f"{self.path}/{characteristic}"
            values = properties(
                UUID=normalize_uuid_16(uuid), Service=path.rpartition("/")[0], Flags=flags,
                MTU=517, Notifying=False,
            )  # fmt: skip
            yield path, CHARACTERISTIC, values

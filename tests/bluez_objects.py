"""The objects that the stand-in publishes on D-Bus, and the signals that tell of them."""

from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

OBJECTS, PROPERTIES = (f"org.freedesktop.DBus.{n}" for n in ("ObjectManager", "Properties"))
DEVICE, SERVICE, CHARACTERISTIC = (
    f"org.bluez.{name}1" for name in ("Device", "GattService", "GattCharacteristic")
)

SIGNATURES = {
    "Adapter": "o", "Address": "s", "AddressType": "s", "Alias": "s", "Connected": "b",
    "Device": "o", "Discovering": "b", "Flags": "as", "MTU": "q", "ManufacturerData": "a{qv}",
    "Name": "s", "Notifying": "b",
    "Paired": "b", "Powered": "b", "Primary": "b", "RSSI": "n", "Roles": "as", "Service": "o",
    "ServicesResolved": "b", "UUID": "s", "UUIDs": "as", "Value": "ay",
}  # fmt: skip


def properties(**values: object) -> dict[str, Variant]:
    return {name: Variant(SIGNATURES[name], value) for name, value in values.items()}


class Objects:
    """What a client reads when it connects, and the signals that keep it up to date."""

    def __init__(self) -> None:
        self.bus: MessageBus | None = None
        """None while bluetoothd does not run."""
        self.tree: dict[str, dict[str, dict[str, Variant]]] = {}
        """Path to interface to properties."""

    def _signal(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        if self.bus is None:
            return
        self.bus.send(
            Message(
                message_type=MessageType.SIGNAL, path=path, interface=interface, member=member,
                signature=signature, body=list(body),
            )
        )  # fmt: skip

    def publish(self, path: str, interface: str, values: dict[str, Variant]) -> None:
        self.tree.setdefault(path, {})[interface] = values
        self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", path, {interface: values})

    def withdraw(self, path: str) -> None:
        interfaces = list(self.tree.pop(path))
        self._signal("/", OBJECTS, "InterfacesRemoved", "oas", path, interfaces)

    def change(self, path: str, interface: str, **values: object) -> None:
        known = self.tree.get(path, {}).get(interface)
        if known is not None:
            changed = properties(**values)
            known.update(changed)
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, changed, [])

    def value(self, path: str, interface: str, name: str) -> Any:
        found = self.tree.get(path, {}).get(interface, {}).get(name)
        return None if found is None else found.value

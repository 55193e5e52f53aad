"""The air, and the guest's Bluetooth controller: Bumble's, where it must behave as a real one does.

Each departure from Bumble 0.0.236 is something a real BlueZ stumbled over; its reason stands with
it.
"""

import asyncio
from typing import Final

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

ADAPTER_ADDRESS: Final = "B8:27:EB:11:22:33"
"""A public address, as the Pi's own controller has; without one BlueZ invents a random identity."""


class Air(LocalLink):
    """Joins the controllers, as far as they are in range of each other."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.away: set[Controller] = set()
        """Of whom nothing is heard and who hears nobody; a link they have goes on."""
        self.deaf: set[Controller] = set()
        """Who advertises, but answers no wish to connect."""

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Deliver to everybody in range; a wish to connect is such a packet, too."""
        if sender_controller not in self.away:
            super().send_advertising_pdu(sender_controller, packet)

    def answers(self, address: hci.Address) -> bool:
        """Whether a wish to connect would be heard there, and answered."""
        controller = self.find_le_controller(address)
        return controller not in self.away and controller not in self.deaf

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Deliver from the address with which the link was made.

        Bumble takes the sender's random address of this moment. BlueZ changes that at each scan,
        so what is sent while scanning, or from a public address, would be lost.
        """
        link = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if link is not None and receiver is not None:
            asyncio.get_running_loop().call_soon(
                receiver.on_link_acl_data, link.self_address, transport, data
            )


class Adapter(Controller):
    """The controller that the guest's kernel drives as hci0."""

    # Bumble answers LE Create Connection with the legacy LE Connection Complete event. A kernel
    # from 6.12 on that sees any of these features waits for the enhanced event, and blocks its
    # command queue for 20 s after every connect.
    le_features = Controller.le_features & ~(
        hci.LeFeatureMask.LL_PRIVACY
        | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
    )

    places: int | None = None
    """How many links it takes; None: any number."""

    def on_hci_le_create_connection_command(
        self, command: hci.HCI_LE_Create_Connection_Command
    ) -> None:
        """Refuse it where there is no place left (Bluetooth Core 5.4, Vol 1, Part F, 2.9)."""
        if self.places is not None and len(self.le_connections) >= self.places:
            limit = hci.HCI_ErrorCode.CONNECTION_LIMIT_EXCEEDED_ERROR
            self._send_hci_command_status(limit, command.op_code)
        else:
            super().on_hci_le_create_connection_command(command)

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Link with whom was heard, unless the wish is not answered: then it stays pending."""
        if self.link.answers(peer_address):  # type: ignore[union-attr]  # it is our Air
            super().create_le_connection(peer_address)

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget the scan and the wish to connect, which Bumble would keep for the next host."""
        self.le_scan_enable = False
        self.pending_le_connection = None
        return super().on_hci_reset_command(_command)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Really cancel, and report it (Bluetooth Core 5.4, Vol 4, Part E, 7.8.13).

        Bumble says "success" and keeps the wish: the next connect would be disallowed, and the
        kernel wait in vain for the event that ends this one.
        """
        pending, self.pending_le_connection = self.pending_le_connection, None
        if not isinstance(pending, hci.HCI_LE_Create_Connection_Command):
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        # After the answer to the command itself, which the caller queues when we return.
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

"""Takes over what sourcing says of where suppliers are paid."""

from __future__ import annotations

from procurement.bank_accounts import commands, store
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.bank_accounts import (
    BankAccountActivated,
    BankAccountChangeRequested,
    BankAccountEnded,
    BankAccountRejected,
    BankAccountsRestated,
    BankAccountVerified,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold


async def on_requested(tx: Transaction, event: BankAccountChangeRequested, _envelope: Envelope) -> None:
    """Hold payments at once."""
    await commands.hold(tx, event)


async def on_verified(tx: Transaction, event: BankAccountVerified, _envelope: Envelope) -> None:
    """Keep the account, sealed; payments are held until it is active."""
    await commands.keep(tx, event)


async def on_rejected(tx: Transaction, event: BankAccountRejected, _envelope: Envelope) -> None:
    """Pay again as before."""
    await commands.reject(tx, event)


async def on_activated(tx: Transaction, event: BankAccountActivated, _envelope: Envelope) -> None:
    """Pay to the account from now on."""
    await commands.activate(tx, event)


async def on_ended(tx: Transaction, event: BankAccountEnded, _envelope: Envelope) -> None:
    """Pay to the account no more."""
    await commands.end(tx, event)


HANDLED = (
    on(BankAccountChangeRequested, on_requested),
    on(BankAccountVerified, on_verified),
    on(BankAccountRejected, on_rejected),
    on(BankAccountActivated, on_activated),
    on(BankAccountEnded, on_ended),
)
BANK_ACCOUNTS = Consumer(
    "procurement.bank-accounts",
    "sourcing.bank-accounts",
    (*HANDLED, retold(BankAccountsRestated, store.forget, *HANDLED)),
)

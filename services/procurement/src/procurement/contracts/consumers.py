"""Takes over sourcing's contracts: their prices, when they hold, and when nothing is bought by them."""

from __future__ import annotations

from procurement.contracts import commands
from procurement.contracts.rules import ContractStatus
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.contracts import (
    ContractActivated,
    ContractAmended,
    ContractExpired,
    ContractRenewed,
    ContractRestated,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold


async def on_activated(tx: Transaction, event: ContractActivated, _envelope: Envelope) -> None:
    """Buy by a contract from now on."""
    await commands.begin(tx, event)


async def on_version(tx: Transaction, event: ContractAmended | ContractRenewed, _envelope: Envelope) -> None:
    """Buy by another version from its day on."""
    await commands.go_on(tx, event)


async def on_suspended(tx: Transaction, event: ContractSuspended, _envelope: Envelope) -> None:
    """Buy by a contract no more until it is resumed."""
    await commands.set_status(tx, event.contract_id, ContractStatus.SUSPENDED)


async def on_resumed(tx: Transaction, event: ContractResumed, _envelope: Envelope) -> None:
    """Buy by a contract again."""
    await commands.set_status(tx, event.contract_id, ContractStatus.ACTIVE)


async def on_expired(tx: Transaction, event: ContractExpired, _envelope: Envelope) -> None:
    """Buy by a contract no more after its last day."""
    await commands.end(tx, event.contract_id, event.ended_on)


async def on_terminated(tx: Transaction, event: ContractTerminated, _envelope: Envelope) -> None:
    """Buy by a contract no more from now on."""
    await commands.terminate(tx, event.contract_id, event.ended_on)


STORY = (
    on(ContractActivated, on_activated),
    on(ContractAmended, on_version),
    on(ContractRenewed, on_version),
    on(ContractSuspended, on_suspended),
    on(ContractResumed, on_resumed),
    on(ContractExpired, on_expired),
    on(ContractTerminated, on_terminated),
)
CONTRACTS = Consumer(
    "procurement.contracts", "sourcing.contracts", (*STORY, retold(ContractRestated, commands.forget, *STORY))
)

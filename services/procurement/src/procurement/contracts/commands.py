"""What sourcing's contracts change here: which prices hold on which days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from procurement.contracts import store
from procurement.contracts.rules import ContractStatus
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.contracts import (
    ContractActivated,
    ContractAmended,
    ContractRenewed,
    ContractVersionEvent,
)

forget = store.forget
OF_VERSION = (
    "number",
    "supplier_id",
    "award_id",
    "kind",
    "title",
    "currency",
    "starts_on",
    "ends_on",
    "edition",
    "ceiling_value",
)


async def begin(tx: Transaction, event: ContractActivated) -> None:
    """Take over a contract with its first version."""
    await _take_over(tx, event, event.starts_on)


async def go_on(tx: Transaction, event: ContractAmended | ContractRenewed) -> None:
    """Take over a version; what is ordered on days before goes by the one before it."""
    await _take_over(tx, event, event.in_force_from)


async def set_status(tx: Transaction, contract_id: UUID, status: ContractStatus) -> None:
    """Note that nothing is bought by a contract for a while, or that it is again."""
    await store.set_status(tx, contract_id, status)


async def end(tx: Transaction, contract_id: UUID, last: date) -> None:
    """Let no price of a contract hold after its last day."""
    await store.end_prices(tx, contract_id, last)
    await store.set_status(tx, contract_id, ContractStatus.ENDED)


async def terminate(tx: Transaction, contract_id: UUID, ended_on: date) -> None:
    """Let no price of a contract hold from the day on which it was ended."""
    await end(tx, contract_id, ended_on - timedelta(days=1))


async def _take_over(tx: Transaction, event: ContractVersionEvent, first: date) -> None:
    stated = {name: getattr(event, name) for name in OF_VERSION}
    await store.keep(tx, event.contract_id, status=ContractStatus.ACTIVE.value, **stated)
    await store.keep_parties(tx, event.contract_id, event.parties)
    await store.add_prices(tx, event.contract_id, event.edition, event.prices, first)

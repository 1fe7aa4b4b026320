"""Contracts in SQL: kept as sourcing tells them, and asked for the prices of what is bought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from procurement.contracts.model import ContractParty, ContractPriceRow, KnownContract
from procurement.contracts.rules import ContractStatus, Priced, Tier, Wanted
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.contracts import ContractedPrice

IN_EVENTS = (
    "category",
    "item",
    "site",
    "unit",
    "price_base_quantity",
    "pack_quantity",
    "least_quantity",
    "most_quantity",
)


async def keep(tx: Transaction, contract_id: UUID, **columns: Any) -> None:
    """Keep what a contract is by its latest version."""
    kept = postgresql.insert(KnownContract).values(id=contract_id, **columns)
    await tx.session.execute(kept.on_conflict_do_update(index_elements=("id",), set_=columns))


async def keep_parties(tx: Transaction, contract_id: UUID, parties: Collection[UUID]) -> None:
    """Keep who delivers on a contract, and nobody else."""
    await tx.session.execute(delete(ContractParty).where(ContractParty.contract_id == contract_id))
    rows = [{"contract_id": contract_id, "supplier_id": one} for one in parties]
    await tx.session.execute(insert(ContractParty), rows)


async def end_prices(tx: Transaction, contract_id: UUID, last: date) -> None:
    """Let no price of a contract hold after a day."""
    of_contract = ContractPriceRow.contract_id == contract_id
    await tx.session.execute(delete(ContractPriceRow).where(of_contract, ContractPriceRow.valid_from > last))
    await tx.session.execute(
        update(ContractPriceRow)
        .where(of_contract, ContractPriceRow.valid_to > last)
        .values(valid_to=func.least(ContractPriceRow.valid_to, last))
    )


async def add_prices(
    tx: Transaction, contract_id: UUID, edition: int, prices: Sequence[ContractedPrice], first: date
) -> None:
    """Let a version's prices hold from a day on, and those of the versions before no longer."""
    await end_prices(tx, contract_id, first - timedelta(days=1))
    rows = [
        {name: getattr(price, name) for name in IN_EVENTS}
        | {
            "contract_id": contract_id,
            "edition": edition,
            "number": price.number,
            "tiers": [
                tier.model_dump(mode="json", include={"from_quantity", "below", "price"})
                for tier in price.tiers
            ],
            "valid_from": max(price.valid_from, first),
            "valid_to": price.valid_to,
        }
        for price in prices
        if price.valid_to >= first
    ]
    if rows:
        await tx.session.execute(insert(ContractPriceRow), rows)


async def set_status(tx: Transaction, contract_id: UUID, status: ContractStatus) -> None:
    """Note where a contract stands."""
    changed = update(KnownContract).where(KnownContract.id == contract_id)
    await tx.session.execute(changed.values(status=status))


async def forget(tx: Transaction, contract_id: UUID) -> None:
    """Forget all that a contract's stream has told."""
    await tx.session.execute(delete(KnownContract).where(KnownContract.id == contract_id))


async def prices_of(tx: Transaction, suppliers: Collection[UUID], wanted: Sequence[Wanted]) -> list[Priced]:
    """Return the lines of contracts of some suppliers that are of what is wanted, on its day.

    By the contracts of a supplier, few, and in each by the item, or among the lines without one by category.
    """
    row, contract = ContractPriceRow, KnownContract
    items = {one.item for one in wanted}
    categories = {category for one in wanted for category in one.categories}
    days = [one.day for one in wanted]
    asked = (
        select(row, contract.number, contract.status, contract.currency)
        .join(contract, contract.id == row.contract_id)
        .join(ContractParty, ContractParty.contract_id == contract.id)
        .where(
            ContractParty.supplier_id.in_(suppliers),
            contract.status != ContractStatus.ENDED,
            or_(row.item.in_(items), row.item.is_(None) & row.category.in_(categories)),
            row.valid_from <= max(days),
            row.valid_to >= min(days),
        )
        .order_by(contract.number, row.number)
    )
    return [_priced(*found) for found in (await tx.session.execute(asked)).unique()]


def _priced(row: ContractPriceRow, number: str, status: str, currency: str) -> Priced:
    return Priced(
        contract_id=row.contract_id,
        contract_number=number,
        edition=row.edition,
        status=ContractStatus(status),
        currency=currency,
        number=row.number,
        category=row.category,
        item=row.item,
        site=row.site,
        unit=row.unit,
        price_base_quantity=row.price_base_quantity,
        pack_quantity=row.pack_quantity,
        least_quantity=row.least_quantity,
        tiers=[_tier(**tier) for tier in row.tiers],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _tier(from_quantity: str, below: str | None, price: str) -> Tier:
    return Tier(Decimal(from_quantity), None if below is None else Decimal(below), Decimal(price))

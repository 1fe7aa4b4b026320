"""Contracts in SQL: one, one to change, those whose day has come, those of the same parties, many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find, numbered
from sourcing.contracts.model import Contract, ContractVersion
from sourcing.contracts.rules.content import ContractKind
from sourcing.contracts.rules.states import (
    BINDING,
    RUNNING,
    SHOWN_TO_SUPPLIERS,
    ContractStatus,
)

CONTRACTS = Listing(
    name="contracts",
    id=Contract.id,
    filters=(
        numbered("C", Contract.serial_number),
        equal("status", ContractStatus, Contract.status, "Where it stands", example="active"),
        equal("kind", ContractKind, Contract.kind, "What is agreed", example="framework"),
        equal("supplier_id", UUID, Contract.supplier_id, "With whom"),
        *between("ends", Day, Contract.ends_on, "Ending on this day"),
    ),
    sorts=(
        *both_ways("id", Contract.id)[::-1],
        *both_ways("ends_on", Contract.ends_on, Contract.id),
    ),
    changed=Contract.changed_in,
)
FARTHEST_REMINDER = timedelta(days=800)
"""A reminder comes at most this long before an end: the longest notice, and the first stage before that."""


async def find_contracts(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[Contract]:
    """Return a page of contracts; of a supplier's those that were signed."""
    return await find(tx, _visible(supplier_id), asked)


async def get_contract(tx: Transaction, contract_id: UUID, supplier_id: UUID | None) -> Contract:
    """Return a contract that the caller may see; raises NotFoundError."""
    found = await tx.session.scalar(_visible(supplier_id).where(Contract.id == contract_id))
    return _found(contract_id, found)


async def lock_contract(tx: Transaction, contract_id: UUID) -> Contract:
    """Return a contract that nobody else changes meanwhile; raises NotFoundError."""
    return _found(contract_id, await lock_contract_if_any(tx, contract_id))


async def lock_contract_if_any(tx: Transaction, contract_id: UUID) -> Contract | None:
    """Return a contract that nobody else changes meanwhile, if there is one."""
    await tx.session.flush()
    found: Contract | None = await tx.session.get(
        Contract, contract_id, with_for_update=True, populate_existing=True
    )
    return found


def add_contract(tx: Transaction, contract: Contract) -> None:
    """Keep a contract that was begun."""
    tx.session.add(contract)


def add_version(tx: Transaction, version: ContractVersion) -> None:
    """Keep what a contract says from a day on."""
    tx.session.add(version)


async def versions_of(tx: Transaction, contract_id: UUID) -> Sequence[ContractVersion]:
    """Return all that a contract ever said, the first first."""
    found = await tx.session.scalars(
        select(ContractVersion)
        .where(ContractVersion.contract_id == contract_id)
        .order_by(ContractVersion.edition)
    )
    return found.all()


async def binding_on(tx: Transaction, parties: Sequence[UUID], but: UUID) -> Sequence[Contract]:
    """Return the other contracts of some parties by which may be bought now or later."""
    wanted = select(Contract).where(
        Contract.parties.overlap(list(parties)),
        Contract.status.in_(BINDING),
        Contract.id != but,
    )
    return (await tx.session.scalars(wanted.order_by(Contract.id))).all()


async def touched_by(tx: Transaction, day: date) -> Sequence[UUID]:
    """Return the contracts to which a day may do something, by their ids."""
    wanted = select(Contract.id).where(
        or_(
            and_(Contract.status == ContractStatus.SIGNED, Contract.starts_on <= day),
            and_(Contract.status.in_(RUNNING), Contract.ends_on <= day + FARTHEST_REMINDER),
        )
    )
    return (await tx.session.scalars(wanted.order_by(Contract.id))).all()


def _visible(supplier_id: UUID | None) -> Select[Any]:
    wanted: Select[Any] = select(Contract)
    if supplier_id is None:
        return wanted
    own = Contract.parties.contains([supplier_id])
    return wanted.where(own, Contract.status.in_(SHOWN_TO_SUPPLIERS), Contract.edition > 0)


def _found(contract_id: UUID, contract: Contract | None) -> Contract:
    if contract is None:
        raise NotFoundError("contract", contract_id)
    return contract

"""Reads of requisitions and templates, and the policies that they go by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from procurement.requisitions.model import (
    Requisition,
    RequisitionAssignment,
    RequisitionLine,
    RequisitionOrderLine,
    RequisitionTemplate,
)
from procurement.requisitions.rules.lines import LineStatus
from procurement.requisitions.rules.sourcing import RequisitionSourcing
from procurement.requisitions.rules.states import Status
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find, numbered, whether
from purveyor.money import CurrencyCode
from purveyor.policies import Policy
from purveyor.texts import Code, Reference

SOURCING = Policy(
    "requisition-sourcing",
    RequisitionSourcing,
    "Which approved lines of requisitions are to be sourced before they are ordered",
    frozenset({"category", "business_unit"}),
)


def _has_line(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RequisitionLine.requisition_id == Requisition.id, condition)


def _charged_to(centres: list[str]) -> ColumnElement[bool]:
    of_it = RequisitionAssignment.requisition_id == Requisition.id
    return exists().where(of_it, RequisitionAssignment.cost_centre.in_(centres))


IS_OPEN = (RequisitionLine.status == LineStatus.APPROVED) & (
    RequisitionLine.ordered_quantity < RequisitionLine.quantity
)
REQUISITIONS = Listing(
    name="requisitions",
    id=Requisition.id,
    filters=(
        numbered("PR", Requisition.serial_number),
        equal("status", Status, Requisition.status, "Where it stands", example="approved"),
        equal("business_unit", Code, Requisition.business_unit, "For whom it is", example="drives"),
        equal("created_by", Reference, Requisition.created_by, "Who drafted it", example="robin"),
        equal("currency", CurrencyCode, Requisition.currency, "In what it is estimated", example="EUR"),
        Filter(
            name="category",
            kind=Code,
            test=lambda values: _has_line(RequisitionLine.category.in_(values)),
            description="Of what category a line is",
            example="fasteners",
            several=True,
        ),
        Filter(
            name="cost_centre",
            kind=Code,
            test=_charged_to,
            description="To what a share of a line is charged",
            example="4711",
            several=True,
        ),
        whether("open", _has_line(IS_OPEN), "Whether anything that was approved is not ordered yet"),
        whether(
            "sourcing",
            _has_line(RequisitionLine.sourcing_since.is_not(None)),
            "Whether a supplier is to be found for any of it",
        ),
    ),
    sorts=(
        *reversed(both_ways("id", Requisition.id)),
        *both_ways("number", Requisition.serial_number),
    ),
    changed=Requisition.changed_in,
)
TEMPLATES = Listing(
    name="requisition-templates",
    id=RequisitionTemplate.code,
    id_name="code",
    id_kind=Code,
    sorts=both_ways("code", RequisitionTemplate.code),
    changed=RequisitionTemplate.changed_in,
)


async def find_requisitions(tx: Transaction, asked: Asked) -> Found[Requisition]:
    """Return a page of requisitions."""
    return await find(tx, select(Requisition), asked)


async def requisition(tx: Transaction, requisition_id: UUID) -> Requisition:
    """Return a requisition; raises NotFoundError when there is none."""
    wanted = select(Requisition).where(Requisition.id == requisition_id)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("requisition", requisition_id)
    return found


async def find_templates(tx: Transaction, asked: Asked) -> Found[RequisitionTemplate]:
    """Return a page of templates."""
    return await find(tx, select(RequisitionTemplate), asked)


@dataclass(frozen=True, slots=True)
class OrderedOf:
    """An order line, and what of a requested line it holds."""

    order_line_number: int
    requisition_id: UUID
    requisition_number: str
    line_number: int
    quantity: Decimal
    delivered_quantity: Decimal
    item: str | None
    category: str
    unit: str


async def requested_of(tx: Transaction, order_id: UUID) -> list[OrderedOf]:
    """Return what of requisitions an order holds, by its lines."""
    wanted = (
        select(RequisitionOrderLine, RequisitionLine, Requisition)
        .join(
            RequisitionLine,
            (RequisitionLine.requisition_id == RequisitionOrderLine.requisition_id)
            & (RequisitionLine.line_number == RequisitionOrderLine.line_number),
        )
        .join(Requisition, Requisition.id == RequisitionOrderLine.requisition_id)
        .where(RequisitionOrderLine.order_id == order_id)
        .order_by(RequisitionOrderLine.order_line_number)
    )
    return [
        OrderedOf(
            held.order_line_number,
            requisition.id,
            requisition.number,
            line.line_number,
            held.quantity,
            held.delivered_quantity,
            line.item,
            line.category,
            line.unit,
        )
        for held, line, requisition in await tx.session.execute(wanted)
    ]


async def charged_of(tx: Transaction, order_id: UUID) -> dict[int, list[RequisitionAssignment]]:
    """Return by order line what each cost centre bears of the requested line that it orders."""
    wanted = (
        select(RequisitionOrderLine.order_line_number, RequisitionAssignment)
        .join(
            RequisitionAssignment,
            (RequisitionAssignment.requisition_id == RequisitionOrderLine.requisition_id)
            & (RequisitionAssignment.line_number == RequisitionOrderLine.line_number),
        )
        .where(RequisitionOrderLine.order_id == order_id)
        .order_by(RequisitionOrderLine.order_line_number, RequisitionAssignment.place)
    )
    found: dict[int, list[RequisitionAssignment]] = {}
    for number, one in await tx.session.execute(wanted):
        found.setdefault(number, []).append(one)
    return found


async def standing_of(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, tuple[str, str, bool]]:
    """Return what requisitions are called, where they stand, and whether anything of them came."""
    wanted = select(Requisition).where(Requisition.id.in_(ids)).execution_options(populate_existing=True)
    return {
        one.id: (one.number, one.status, any(line.delivered_quantity > 0 for line in one.lines))
        for one in await tx.session.scalars(wanted)
    }

"""Responses as rows, and which versions nobody has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from procurement.orders.rules.states import Status
from procurement.orders.store import rows
from procurement.responses.model import OverdueResponse, Response
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.sql import Statement


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A version in force that its supplier has not answered."""

    order_id: UUID
    supplier_id: UUID
    site: str
    business_unit: str
    version: int
    issued_on: date
    today: date


UNANSWERED = Statement(
    Unanswered,
    """
    SELECT awaited.* FROM ({awaited}) AS awaited
    WHERE NOT EXISTS (
        SELECT FROM purchase_order_response AS answer
        WHERE answer.order_id = awaited.order_id AND answer.version = awaited.version
      ) AND NOT EXISTS (
        SELECT FROM purchase_order_overdue_response AS overdue
        WHERE overdue.order_id = awaited.order_id AND overdue.version = awaited.version
      )
    ORDER BY awaited.order_id
    """,
    awaited=rows.AWAITED.format(place=sites.PLACE.format(code="o.site")),
)


def of_order(order_id: UUID) -> Select[Response]:
    """Select what was answered to an order's versions, the last answer last."""
    wanted = select(Response).where(Response.order_id == order_id)
    return wanted.order_by(Response.version, Response.nth)


async def of_version(tx: Transaction, order_id: UUID, version: int) -> list[Response]:
    """Return what was answered to a version, the last answer last."""
    return list(await tx.session.scalars(of_order(order_id).where(Response.version == version)))


async def unanswered(tx: Transaction) -> list[Unanswered]:
    """Return the versions in force that nobody has answered, and that were not found overdue."""
    awaited = [Status.ISSUED, Status.PARTIALLY_RECEIVED]
    return await UNANSWERED.all(tx.connection, awaited=awaited, now=tx.now)


def note_overdue(tx: Transaction, order_id: UUID, version: int, answer_by: date, found_on: date) -> None:
    """Note that a version was not answered in time."""
    tx.session.add(
        OverdueResponse(order_id=order_id, version=version, answer_by=answer_by, found_on=found_on)
    )

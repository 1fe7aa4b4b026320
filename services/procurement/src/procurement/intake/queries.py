"""Reads of needs: which way they went, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from procurement.intake.model import StatedNeed
from procurement.intake.rules import IntakeRoutes, Route, Standing, status_of
from procurement.orders.queries import standing_of as standing_of_orders
from procurement.requisitions.queries import standing_of as standing_of_requisitions
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, numbered, whether
from purveyor.policies import Policy
from purveyor.texts import Code, Name, Reference

ROUTES = Policy(
    "intake-routes",
    IntakeRoutes,
    "Which way a need goes: the decision table of the intake",
    frozenset({"category", "business_unit"}),
)
NEEDS = Listing(
    name="intake",
    id=StatedNeed.id,
    filters=(
        numbered("NEED", StatedNeed.serial_number),
        equal("route", Route, StatedNeed.route, "Which way it was told to go", example="call_off"),
        equal("rule", Name, StatedNeed.rule, "The row of the table that held", example="agreed"),
        equal("category", Code, StatedNeed.category, "What is needed", example="fasteners"),
        equal("business_unit", Code, StatedNeed.business_unit, "For whom it is", example="drives"),
        equal("created_by", Reference, StatedNeed.created_by, "Who said so", example="robin"),
        whether("started", StatedNeed.started_by.is_not(None), "Whether its documents were created"),
    ),
    sorts=(
        *reversed(both_ways("id", StatedNeed.id)),
        *both_ways("number", StatedNeed.serial_number),
    ),
    changed=StatedNeed.changed_in,
)


async def find_needs(tx: Transaction, asked: Asked) -> Found[StatedNeed]:
    """Return a page of needs."""
    return await find(tx, select(StatedNeed), asked)


async def need(tx: Transaction, need_id: UUID) -> StatedNeed:
    """Return a need; raises NotFoundError when there is none."""
    found = (await tx.session.scalars(select(StatedNeed).where(StatedNeed.id == need_id))).one_or_none()
    if found is None:
        raise NotFoundError("need", need_id)
    return found


async def standings(tx: Transaction, needs: Sequence[StatedNeed]) -> dict[UUID, Standing]:
    """Return where needs stand: as their documents do at this moment."""
    documents = await standing_of_requisitions(
        tx, {one.requisition_id for one in needs if one.requisition_id}
    )
    documents |= await standing_of_orders(tx, {one.order_id for one in needs if one.order_id})
    found = {}
    for one in needs:
        document = documents.get(one.requisition_id or one.order_id or one.id)
        number, status, delivered = document or (None, None, False)
        found[one.id] = Standing(status_of(one.route, status, delivered=delivered), number, status)
    return found

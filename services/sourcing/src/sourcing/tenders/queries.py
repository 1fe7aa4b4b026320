"""Says how tenders are run, and which suppliers may bid: asked when they are invited, and when they bid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Place, Policy, Version
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification.store import regions_held
from sourcing.reviews.rules import STOPS_TENDERS
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import ORDERED_FROM
from sourcing.suppliers.store.orderable import approvals_of_all, blocks_of_all, stopped_by_grade
from sourcing.tenders.rules.content import TenderContent
from sourcing.tenders.rules.qualifying import lacking, of_other_regions
from sourcing.tenders.rules.timetable import Tendering

TENDERING = Policy(
    "tendering",
    Tendering,
    "How tenders are run: how long an amendment leaves bidders, how many suppliers a quick quote asks",
    frozenset({"category"}),
    at_once=True,
)


async def policy(tx: Transaction, content: TenderContent) -> Version[Tendering]:
    """Return how a tender is run today: as its category wants it, where all its items are of one."""
    categories = content.categories
    place = Place(category=categories[0]) if len(categories) == 1 else Place()
    return (await policies.history(tx, TENDERING)).in_force(tx.day, place)


async def why_not_supplied(tx: Transaction, supplier: Supplier, categories: Collection[str]) -> str | None:
    """Return why a supplier is not bought from today for all of some categories; None when it is."""
    if supplier.status not in ORDERED_FROM:
        return f"Supplier {supplier.display_number} is {supplier.status}."
    if supplier.consequence in STOPS_TENDERS:
        return (
            f"Supplier {supplier.display_number} is graded {supplier.grade}: no new tender takes it, "
            "nor does a new contract."
        )
    approved = {one.category for one in supplier.approvals_in_force(tx.day)}
    blocked = _all_blocked([block.categories for block in supplier.blocks])
    missing = lacking(categories, approved, blocked, await ancestors_of_each(tx, categories))
    if missing:
        return f"Supplier {supplier.display_number} may not be ordered from for {', '.join(missing)}."
    return None


async def why_not_qualified(tx: Transaction, supplier: Supplier, content: TenderContent) -> str | None:
    """Return why a supplier may not bid today, but by exception; None when it may."""
    why = await why_not_supplied(tx, supplier, content.categories)
    if why is not None:
        return why
    above = await ancestors_of_each(tx, content.categories)
    held = (await regions_held(tx, tx.day)).get(supplier.id, set())
    elsewhere = [one for one in content.categories if of_other_regions(one, content.region, held, above)]
    if elsewhere:
        return (
            f"Supplier {supplier.display_number} is qualified for {', '.join(elsewhere)} in other regions "
            f"than {content.region}."
        )
    return None


async def qualified(tx: Transaction, content: TenderContent) -> list[UUID]:
    """Return every supplier that may bid today."""
    categories = content.categories
    above = await ancestors_of_each(tx, categories)
    approved: dict[UUID, set[str]] = {}
    for supplier_id, category in await approvals_of_all(tx, tx.day):
        approved.setdefault(supplier_id, set()).add(category)
    blocks: dict[UUID, list[Sequence[str] | None]] = {}
    for supplier_id, of in await blocks_of_all(tx):
        blocks.setdefault(supplier_id, []).append(of)
    held = await regions_held(tx, tx.day)
    stopped = await stopped_by_grade(tx, STOPS_TENDERS)
    return sorted(
        supplier_id
        for supplier_id, those in approved.items()
        if supplier_id not in stopped
        and not lacking(categories, those, _all_blocked(blocks.get(supplier_id, [])), above)
        and not any(
            of_other_regions(one, content.region, held.get(supplier_id, set()), above) for one in categories
        )
    )


def _all_blocked(blocks: Sequence[Sequence[str] | None]) -> set[str] | None:
    """Return the categories that blocks cover together; None when one covers all."""
    found: set[str] = set()
    for categories in blocks:
        if categories is None:
            return None
        found.update(categories)
    return found

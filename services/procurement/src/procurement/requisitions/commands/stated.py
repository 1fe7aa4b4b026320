"""What an author states of a requisition is held against rules, and against what it names today."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from uuid import UUID

from procurement.items import store as items
from procurement.items.queries import ITEMS_REQUIRED
from procurement.items.rules.ordering import check_items
from procurement.organisation import store as organisation
from procurement.organisation.rules import named_problems
from procurement.periods import why_not_valid
from procurement.requisitions.rules.stated import LineKind, Request, check_needs, check_request
from procurement.sites import store as sites
from procurement.sites.store import SiteNow
from procurement.suppliers import store as suppliers
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.policies import Place


async def check_stated(tx: Transaction, request: Request) -> None:
    """Raise InvalidError naming all that a requisition cannot say today, at the sites of its lines."""
    check_request(request)
    places = {code: await sites.place(tx, code) for code in sorted({line.site for line in request.lines})}
    problems = [problem async for problem in _unknown(tx, request, places)]
    if problems:
        raise InvalidError("requisition_invalid", "The requisition breaks rules.", errors=problems)
    today = {code: place.today for code, place in places.items() if place is not None}
    check_needs(request.lines, today)
    await _check_items(tx, request, today)


async def _unknown(
    tx: Transaction, request: Request, places: Mapping[str, SiteNow | None]
) -> AsyncIterator[FieldError]:
    """Yield what of sites, suppliers and the organisation is not there."""
    for index, line in enumerate(request.lines):
        at = f"/lines/{index}"
        place = places[line.site]
        if place is None:
            why = f"no site {line.site} exists; PUT /v1/sites/{line.site} creates it"
            yield FieldError(f"{at}/site", why)
            continue
        if why_not := why_not_valid(place.valid_from, place.valid_to, place.today):
            yield FieldError(f"{at}/site", why_not)
        if line.supplier_id is not None and await suppliers.lock_seller(tx, line.supplier_id) is None:
            yield FieldError(f"{at}/supplier_id", "not a known supplier")
        for nth, one in enumerate(line.assignments):
            known = await organisation.named(tx, request.business_unit, one.cost_centre, one.project)
            for problem in named_problems(
                known, request.business_unit, one.cost_centre, place.today, one.project
            ):
                if problem.pointer != "/business_unit":
                    yield FieldError(f"{at}/assignments/{nth}{problem.pointer}", problem.detail)
                elif (index, nth) == (0, 0):
                    yield problem


async def _check_items(tx: Transaction, request: Request, today: Mapping[str, date]) -> None:
    """Raise InvalidError for lines that say of their items what is not so, or name none where they must."""
    policy = await policies.history(tx, ITEMS_REQUIRED)
    problems = []
    for index, line in enumerate(request.lines):
        place = Place(category=line.category, business_unit=request.business_unit)
        if line.kind == LineKind.FREE_TEXT and policy.in_force(today[line.site], place).value.items_required:
            why = f"the policy items-required takes nothing but items in {line.category}"
            problems.append(FieldError(f"/lines/{index}/kind", why))
    if problems:
        raise InvalidError("items_not_valid", "Lines say of their items what is not so.", errors=problems)
    named = [place for place, line in enumerate(request.lines) if line.kind == LineKind.ITEM]
    of_items = [line.named_item() for line in request.lines]
    known = await items.ordered(tx, {of_items[place].item for place in named})
    required = dict.fromkeys((request.lines[place].category for place in named), True)
    for day in sorted(set(today.values())):
        looked_at = [place for place in named if today[request.lines[place].site] == day]
        check_items(of_items, known, day, required, looked_at)


def unknown_supplier(supplier_id: UUID) -> InvalidError:
    """Return that there is no such supplier here."""
    return InvalidError(
        "supplier_unknown",
        f"Supplier {supplier_id} is not known here: not registered, or its registration is on its way.",
        errors=[FieldError("/supplier_id", "not a known supplier")],
    )

"""Where the risk lies by country and category, and what a year came to."""

from __future__ import annotations

from datetime import date

from purveyor.db import Transaction
from sourcing.categories.queries import ancestors_of_each
from sourcing.due_diligence import store
from sourcing.due_diligence.rules import PlaceAnalysed, YearOfDueDiligence, measures_of
from sourcing.risk.rules.points import of_places
from sourcing.risk.store import levels_now, table_of
from sourcing.suppliers.store.finding import suppliers_by_place

MOST_PLACES = 1000


async def analysed(tx: Transaction, on: date) -> list[PlaceAnalysed]:
    """Return where suppliers are and what they sell there, the riskiest first; unknown ones stand last."""
    places = await suppliers_by_place(tx, MOST_PLACES)
    table = [row.counted() for row in await table_of(tx, {place.country for place in places})]
    above = await ancestors_of_each(tx, {place.category for place in places if place.category})
    found = []
    for place in places:
        categories = [place.category] if place.category else []
        reading = of_places([place.country], categories, above, table, on)
        stale = reading is not None and not reading.holds(on)
        found.append(PlaceAnalysed(place.country, place.category, place.suppliers, reading, stale))
    return sorted(found, key=_riskiest_first)


def _riskiest_first(place: PlaceAnalysed) -> tuple[object, ...]:
    known = place.reading is not None and not place.stale
    points = place.reading.points if place.reading is not None and known else -1
    return (-points, -place.suppliers, place.country, place.category or "")


async def year_of(tx: Transaction, year: int) -> YearOfDueDiligence:
    """Return what a year came to, as it stands at its end or today."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    on = min(last, tx.day)
    return YearOfDueDiligence(
        year=year,
        as_of=on,
        findings=await store.findings_of(tx, first, last),
        measures=measures_of(year, await store.measures_between(tx, first, last), on),
        complaints=await store.complaints_of(tx, first, last),
        levels=await levels_now(tx),
    )

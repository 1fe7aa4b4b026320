"""Asks the database how it would read each list, by each of its filters in each of its orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects import postgresql

from purveyor.changes import look
from purveyor.db import Transaction
from purveyor.lists import Asked, Listing, find, paged, selected

Json = dict[str, Any]
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


async def read_whole(
    tx: Transaction, rows: Select[Any], listing: Listing, values: Mapping[str, Any]
) -> list[str]:
    """Return which lists would be read from end to end, or sorted whole: none, where indexes are right.

    `values` has a rare and so a demanding value of each filter; one without a value raises KeyError.
    """
    horizon = await look(tx.connection)
    await tx.connection.execute(AS_IF_LARGE)
    questions: list[Mapping[str, Any]] = [{}]
    questions += [
        {one.name: [values[one.name]] if one.several else values[one.name]} for one in listing.all_filters()
    ]
    wrong = []
    for sort in listing.all_sorts():
        for filters in questions:
            asked = Asked(listing=listing, filters=filters, sort=sort, limit=50)
            query = paged(selected(rows, asked, horizon), asked, None)
            said = str(query.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
            [answer] = await tx.connection.fetchval(f"EXPLAIN (FORMAT JSON) {said}")
            wrong += [
                f"{sort} with {dict(filters)}: {node['Node Type']} of {node['Plan Rows']} rows"
                for node in _nodes(answer["Plan"])
                if node["Node Type"] == "Seq Scan"
                or ("Sort" in node["Node Type"] and node["Plan Rows"] > MOST_SORTED)
            ]
    return wrong


async def walked_wrongly(tx: Transaction, rows: Select[Any], listing: Listing, limit: int) -> list[str]:
    """Return the orders in which a walk by pages does not meet each row once, as one query has them."""
    horizon = await look(tx.connection)
    wrong = []
    for sort in listing.all_sorts():
        asked = Asked(listing=listing, filters={}, sort=sort, limit=limit)
        at_once = (await tx.session.scalars(asked.order.sorted(selected(rows, asked, horizon)))).all()
        met: list[Any] = []
        cursor: str | None = None
        while True:
            page = await find(tx, rows, replace(asked, cursor=cursor))
            met += page.rows
            cursor = page.next_cursor
            if cursor is None:
                break
        if met != list(at_once):
            wrong.append(f"{sort}: {len(met)} of {len(at_once)} rows")
    return wrong


AS_IF_LARGE = "SET LOCAL seq_page_cost = 250"
"""Reading a table of some ten thousand rows whole is then as dear as one of ten million."""
MOST_SORTED = 5_000
"""How many rows may be sorted for a page: what a filter leaves that no index has in the order asked for."""


def _nodes(plan: Json) -> Iterator[Json]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)

"""Asks the database how it would read each list, by each of its filters in each of its orders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, event
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
            wrong += [f"{sort} with {dict(filters)}: {what}" for what in _whole(answer["Plan"])]
    return wrong


async def searched_whole(tx: Transaction, table: str, answer: Callable[[], Awaitable[Any]]) -> list[str]:
    """Return what of the statements of an answer reads a table from end to end, or sorts much."""
    await tx.connection.execute(AS_IF_LARGE)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    engine = tx.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await answer()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    wrong = []
    for statement, values in asked:
        [plan] = await tx.connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
        wrong += [*_whole(plan["Plan"], table), *_gathered_whole(plan["Plan"])]
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


def _whole(plan: Json, table: str | None = None) -> Iterator[str]:
    for node in _nodes(plan):
        kind = node["Node Type"]
        is_read_whole = kind == "Seq Scan" and table in (None, node["Relation Name"])
        if is_read_whole or ("Sort" in kind and node["Plan Rows"] > MOST_SORTED):
            yield f"{kind} of {node['Plan Rows']} rows"


def _gathered_whole(plan: Json) -> Iterator[str]:
    """Yield what is gathered by an index that knows nothing of what is asked, and so is read whole."""
    for node in _nodes(plan):
        if node.get("Subplan Name") == "CTE gathered":
            for scan in _nodes(node):
                if scan["Node Type"].startswith("Index") and "Index Cond" not in scan:
                    yield f"{scan['Node Type']} by {scan['Index Name']} alone"


def _nodes(plan: Json) -> Iterator[Json]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)

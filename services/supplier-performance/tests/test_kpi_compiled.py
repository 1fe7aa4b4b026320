"""What SQL says of a condition is what is meant by it, fact by fact; and no text of it becomes SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Numeric, Subquery, Text, column, select, text

from purveyor.sql import Statement, only
from supplier_performance.kpis.rules.grammar import Condition, IsOneOf
from supplier_performance.kpis.store.compiled import holds

from .kpis.rules.plainly import CONDITIONS, FACTS, Fact, meets
from .world import World

HOSTILE = "'; DROP TABLE order_line; --"


def relation() -> Subquery:
    told = text(
        "SELECT * FROM json_to_recordset(cast(cast(:facts AS text) AS json)) AS fact (category text, "
        "due boolean, on_time boolean, promised_on date, arrived_on date, days_late numeric, "
        "grace_days numeric)"
    )
    return told.columns(
        column("category", Text()),
        column("due", Boolean()),
        column("on_time", Boolean()),
        column("promised_on", Date()),
        column("arrived_on", Date()),
        column("days_late", Numeric()),
        column("grace_days", Numeric()),
    ).subquery("lines")


async def said(world: World, condition: Condition, facts: Sequence[Fact]) -> list[bool]:
    statement: Statement[Any] = Statement(only, select(holds(condition, relation()).label("holds")))
    async with world.context.database.connection() as connection:
        return await statement.all(connection, facts=json.dumps(facts, default=str))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS, facts=st.lists(FACTS, min_size=1, max_size=12))
async def test_a_condition_means_in_sql_what_it_means_fact_by_fact(
    world: World, condition: Condition, facts: list[Fact]
) -> None:
    assert await said(world, condition, facts) == [meets(fact, condition) for fact in facts]


async def test_what_a_definition_says_is_a_value_and_never_sql(world: World) -> None:
    condition = IsOneOf(condition="is_one_of", column="category", values=[HOSTILE])
    fact = {"category": HOSTILE}
    assert await said(world, condition, [fact]) == [True]
    statement: Statement[Any] = Statement(only, select(holds(condition, relation())))
    assert HOSTILE not in statement.text
    assert await world.fetch("SELECT count(*) FROM order_line") == [{"count": 0}]

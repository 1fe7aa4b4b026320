"""Kinds of fact: what events tell, as rows with typed columns, each with its two times and its event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from purveyor import policies
from purveyor.sql import Statement
from supplier_performance.deliveries.commands import forget_order
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import Question, Window
from supplier_performance.deliveries.store.judged import ALL_SUPPLIERS, THESE_SUPPLIERS, arguments
from supplier_performance.facts.rules import Kind, Type
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.suppliers import store as suppliers

from .standing import tell_of_standing
from .world import TODAY, World, ordered

WINDOW = Window(TODAY - timedelta(days=365), TODAY + timedelta(days=365))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def facts(
    world: World,
    kind: str,
    supplier: UUID | None = None,
    as_of: date | None = None,
    known_before: datetime | None = None,
) -> list[dict[str, Any]]:
    """Read the facts of a kind, of one supplier or of all."""
    async with world.context.database.transaction() as tx:
        graces = await policies.history(tx, ON_TIME)
        of = [] if supplier is None else await suppliers.counted_as(tx, [supplier])
        whose = ALL_SUPPLIERS if supplier is None else THESE_SUPPLIERS
        relation = SOURCES[kind].relation(len(graces.versions), whose)
        statement: Statement[dict[str, Any]] = Statement(dict, select(relation))
        asked = arguments(tx, Question(WINDOW, as_of, known_before), graces, of)
        found = await statement.all(tx.connection, asked)
    return sorted(found, key=lambda fact: [str(fact[name]) for name in SOURCES[kind].kind.key])


@pytest.mark.parametrize("kind", SOURCES)
async def test_every_kind_has_the_columns_that_it_says_of_one_supplier_and_of_all(
    world: World, kind: str
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.acknowledge(order, ago(30), ago(10))
    await world.move(order, ago(5), due_on=ago(10), by="supplier", first=ago(10))
    await world.receive(order, ago(5), rejected="2")
    for number in range(2):
        await world.receive(await world.order(supplier, ago(20 + number)), ago(20))
    shipment = await world.ship(order, ago(6))
    await world.receive(order, ago(5), shipment=shipment)
    await tell_of_standing(world, supplier)
    await world.keep_facts()
    await world.rescore()
    await world.order(await world.supplier(), ago(3))

    fact = (await facts(world, kind, supplier))[0]
    of_kind: Kind = SOURCES[kind].kind
    assert list(fact) == list(of_kind.by_name)
    assert fact["supplier_id"] == supplier
    assert isinstance(fact[of_kind.happened], date)
    assert fact in await facts(world, kind)
    assert {of_kind.by_name[name].type for name in of_kind.key} <= {Type.ID, Type.NUMBER}


async def test_a_fact_says_when_it_was_so_when_it_was_known_and_its_event(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    told = await world.receive(order, ago(9), "10", "2")
    [receipt] = await facts(world, "receipts", supplier)
    assert (receipt["received_on"], receipt["known_on"], receipt["known_at"]) == (ago(9), TODAY, told.time)
    assert (receipt["event_id"], receipt["event_sequence"]) == (told.id, 2)
    assert (receipt["received"], receipt["rejected"], receipt["accepted"]) == (10, 2, 8)


async def test_a_reversal_is_below_zero_on_the_day_of_its_receipt_whenever_it_was_known(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(9), "10")
    await world.reverse(order, of=ago(9), on=ago(2), quantity="4")
    found = await facts(world, "receipts", supplier, as_of=ago(9))
    assert [(one["is_reversal"], one["received"]) for one in found] == [(False, 10), (True, -4)]
    assert await facts(world, "receipts", supplier, as_of=ago(10)) == []


async def test_a_move_of_a_promise_says_whose_it_was(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.move(order, ago(5), due_on=ago(10), by="supplier", first=ago(10))
    await world.move(order, ago(3), due_on=ago(3), by="buyer", first=ago(10))
    moves = await facts(world, "promises", supplier)
    assert [(one["moved_by"], one["agreed"], one["days_moved"]) for one in moves] == [
        ("supplier", False, 5),
        ("buyer", True, 0),
    ]
    [line] = await facts(world, "lines", supplier)
    assert (line["supplier_moves"], line["buyer_moves"]) == (1, 1)


async def test_each_version_is_a_question_and_the_first_answer_before_the_next_is_its_answer(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ordered_on=ago(40))
    await world.acknowledge(order, ago(38))
    await world.acknowledge(order, ago(36))
    await world.amend(order, ago(30), ordered(ago(8)))
    asked = await facts(world, "answers", supplier)
    assert [(one["asked_on"], one["answered_on"], one["answer_days"]) for one in asked] == [
        (ago(40), ago(38), 2),
        (ago(30), None, None),
    ]
    assert [(one["answered"], one["accepted"], one["asked_until"]) for one in asked] == [
        (True, True, ago(30)),
        (False, None, None),
    ]
    [before] = await facts(world, "answers", supplier, as_of=ago(39))
    assert not before["answered"]


async def test_what_a_merged_supplier_did_is_of_the_one_that_it_is(world: World) -> None:
    here, there = await world.supplier(), await world.supplier("Acme Holding GmbH")
    order = await world.order(here, ago(10))
    await world.receive(order, ago(9))
    async with world.context.database.transaction() as tx:
        await suppliers.merge(tx, here, there)
    for kind in ("lines", "receipts", "answers"):
        for of in (there, None):
            assert [one["supplier_id"] for one in await facts(world, kind, of)] == [there]


async def test_what_was_moved_is_forgotten_with_its_order(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.move(order, ago(5), due_on=ago(10), by="supplier", first=ago(10))
    async with world.context.database.transaction() as tx:
        await forget_order(tx, order.id)
    assert [await facts(world, kind) for kind in SOURCES] == [[]] * len(SOURCES)


async def test_kinds_of_fact_are_documented_to_suppliers_too(
    api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]], world: World
) -> None:
    headers = as_supplier(await world.supplier())
    kinds = (await api.get("/v1/facts", headers=headers)).json()["items"]
    assert [kind["name"] for kind in kinds] == list(SOURCES)
    [late] = [one for one in kinds[0]["columns"] if one["name"] == "days_late"]
    assert (late["type"], late["unit"]) == ("number", "days")

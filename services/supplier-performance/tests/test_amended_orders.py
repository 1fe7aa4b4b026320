"""What happens to an order after it was issued: a supplier is judged by what was ordered in the end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from purveyor.db import Database
from supplier_performance.deliveries import queries
from supplier_performance.deliveries.rules import Measure, Measures, Question, Window

from .world import World, ordered

TODAY = date(2026, 6, 15)
WINDOW = Window(date(2026, 1, 1), date(2026, 12, 31))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def measured(world: World, supplier: UUID) -> Measures:
    database: Database = world.context.database
    async with database.transaction() as tx:
        return await queries.measures_of(tx, Question(WINDOW), supplier)


async def test_a_date_that_the_buyer_moved_is_the_one_that_counts(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.amend(order, ago(20), ordered(ago(2)))
    await world.receive(order, ago(3))
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due, found.lines_on_time) == (1, 1, 1)


async def test_a_quantity_that_was_amended_down_to_what_came_is_delivered(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), quantity="6")
    assert (await measured(world, supplier)).lines_on_time == 0
    await world.amend(order, ago(11), ordered(ago(10), quantity="6"))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 1, 1)


async def test_a_quantity_that_was_amended_up_is_no_longer_delivered(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12))
    await world.amend(order, ago(11), ordered(ago(10), quantity="12"))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time) == (1, 0)
    await world.receive(order, ago(10), quantity="2")
    assert (await measured(world, supplier)).lines_on_time == 1


async def test_what_came_is_worth_what_the_version_in_force_says(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(10))
    await world.amend(order, ago(9), ordered(ago(10), price="3"))
    assert (await measured(world, supplier)).spend == {"EUR": 30}


async def test_a_line_that_was_added_is_due_and_one_that_was_dropped_before_its_day_is_not(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(10))
    await world.amend(order, ago(20), ordered(ago(10)), ordered(ago(5), number=3))
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due) == (3, 2)
    lines = await world.fetch(
        "SELECT line_number, cancelled_quantity, cancelled_on FROM order_line WHERE order_id = $1"
        " ORDER BY line_number",
        order.id,
    )
    assert [(line["line_number"], line["cancelled_quantity"], line["cancelled_on"]) for line in lines] == [
        (1, 0, None),
        (2, 10, ago(20)),
        (3, 0, None),
    ]


async def test_a_rest_that_was_called_off_before_its_last_day_is_not_overdue(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(10))
    await world.receive(order, ago(20), quantity="6")
    await world.close_line(order, ago(15), rest="4")
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due) == (2, 1)


async def test_a_rest_that_was_called_off_when_it_was_overdue_stays_late(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.close_line(order, ago(7))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.days_late) == (1, 0, 3)


async def test_a_line_that_is_reopened_is_due_again(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.close_line(order, ago(15))
    assert (await measured(world, supplier)).lines_due == 0
    await world.reopen_line(order, ago(12))
    assert (await measured(world, supplier)).lines_due == 1


async def test_parts_that_add_up_are_a_hundred_percent_and_twice_as_much_is_no_more(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(10))
    for quantity in ("3", "4", "3"):
        await world.receive(order, ago(12), quantity=quantity)
    await world.receive(order, ago(12), quantity="20", line=2)
    found = await measured(world, supplier)
    assert found.in_full_percent == found.on_time_percent == 100


async def test_the_evidence_of_a_line_names_what_happened_to_it_and_not_to_another(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(10))
    await world.amend(order, ago(20), ordered(ago(10)), ordered(ago(10), number=2))
    await world.close_line(order, ago(8), line=2)
    async with world.context.database.transaction() as tx:
        question = Question(WINDOW)
        lines = await queries.lines_that_count(tx, question, supplier, Measure.ON_TIME, None, 10)
        events = await queries.events_of(tx, lines)
    named = [(event.line_number, event.type.split(".")[2]) for event in events]
    assert sorted(named) == [
        (1, "POAmended"),
        (1, "POIssued"),
        (2, "POAmended"),
        (2, "POIssued"),
        (2, "POLineClosed"),
    ]


async def test_an_order_that_is_called_off_after_one_of_its_lines_keeps_that_lines_day(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ago(10))
    await world.close_line(order, ago(15))
    await world.cancel(order, ago(12))
    lines = await world.fetch(
        "SELECT cancelled_on, cancelled_quantity FROM order_line WHERE order_id = $1 ORDER BY line_number",
        order.id,
    )
    assert [(line["cancelled_on"], line["cancelled_quantity"]) for line in lines] == [
        (ago(15), 10),
        (ago(12), 10),
    ]


async def test_a_line_whose_rejects_are_owed_again_is_delivered_and_in_full_with_their_replacement(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), rejected="4", ended="0")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 0, 0)
    await world.receive(order, ago(10), quantity="4")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 1, 1)
    assert found.days_late == 0
    assert found.rejected_ppm == Decimal(285_714), "4 of the 14 that came"


async def test_a_replacement_that_comes_late_makes_its_line_late(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), rejected="4", ended="0")
    await world.receive(order, ago(7), quantity="4")
    found = await measured(world, supplier)
    assert (found.lines_on_time, found.lines_in_full, found.days_late) == (0, 1, 3)


async def test_a_line_whose_rejects_end_it_is_delivered_and_never_in_full(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), rejected="4", ended="4")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 1, 0)


async def test_what_is_enough_by_the_buyers_tolerance_is_delivered_in_full_until_it_is_taken_back(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), quantity="100")
    await world.receive(order, ago(12), quantity="50")
    await world.receive(order, ago(11), quantity="48", rest="2")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 1, 1)
    await world.reverse(order, ago(11), ago(1), quantity="1")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.lines_in_full) == (1, 0, 0)


async def test_what_was_enough_and_is_wanted_after_all_is_missing(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), quantity="100")
    await world.receive(order, ago(11), quantity="98", rest="2")
    await world.reopen_line(order, ago(9), rest="2")
    found = await measured(world, supplier)
    assert (found.lines_on_time, found.lines_in_full) == (0, 0)
    await world.receive(order, ago(8), quantity="2")
    assert (await measured(world, supplier)).lines_in_full == 1


async def test_a_late_receipt_that_is_taken_back_is_as_if_it_had_never_been(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    untouched = await world.order(supplier, ago(10))
    await world.receive(untouched, ago(10))
    before = await measured(world, supplier)
    await world.receive(order, ago(5))
    assert (await measured(world, supplier)).days_late == 5
    await world.reverse(order, ago(5), ago(1))
    after = await measured(world, supplier)
    assert after == before
    await world.receive(order, ago(10))
    assert (await measured(world, supplier)).lines_on_time == 2


async def test_what_is_taken_back_is_missing_on_the_day_of_its_receipt_and_not_on_a_later_one(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), rejected="1")
    await world.receive(order, ago(11), quantity="1")
    await world.reverse(order, ago(12), ago(2), quantity="4", rejected="1")
    found = await measured(world, supplier)
    assert (found.lines_on_time, found.lines_in_full) == (0, 0)
    assert found.spend == {"EUR": Decimal("17.50")}
    assert found.rejected_ppm == 0
    database: Database = world.context.database
    async with database.transaction() as tx:
        then = await queries.measures_of(tx, Question(WINDOW, as_of=ago(12)), supplier)
    assert then.by_unit["C62"].received == 6, "as of a day before it was known, too"

"""A supplier is judged by what it promised first, unless its buyer moved that; and part by part of a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplier_performance.deliveries import queries
from supplier_performance.deliveries.rules import (
    Measure,
    Measures,
    Question,
    Received,
    Valued,
    Window,
)

from .world import World, in_parts, ordered

TODAY = date(2026, 6, 15)
WINDOW = Window(date(2026, 1, 1), date(2026, 12, 31))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def measured(
    world: World, supplier: UUID, as_of: date | None = None, window: Window = WINDOW
) -> Measures:
    async with world.context.database.transaction() as tx:
        return await queries.measures_of(tx, Question(window, as_of), supplier)


async def evidence(world: World, supplier: UUID, measure: Measure = Measure.ON_TIME) -> list[Any]:
    async with world.context.database.transaction() as tx:
        return list(await queries.lines_that_count(tx, Question(WINDOW), supplier, measure, None, 100))


async def test_a_date_that_the_buyer_moved_is_not_the_suppliers_fault(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.acknowledge(order, ago(30), ago(10))
    await world.move(order, ago(3), due_on=ago(3), by="buyer", first=ago(10))
    await world.receive(order, ago(3))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.days_late) == (1, 1, 0)
    [line] = await evidence(world, supplier)
    assert (line.need_by, line.first_promised_on, line.last_promised_on, line.promised_on) == (
        ago(10),
        ago(10),
        ago(3),
        ago(3),
    )


async def test_a_date_that_the_supplier_moved_is_shown_and_excuses_nothing(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.acknowledge(order, ago(30), ago(10))
    await world.move(order, ago(3), due_on=ago(10), by="supplier", first=ago(10))
    await world.receive(order, ago(3))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.days_late) == (1, 0, 7)
    [line] = await evidence(world, supplier)
    assert (line.first_promised_on, line.last_promised_on, line.promised_on) == (ago(10), ago(3), ago(10))


async def test_a_day_that_a_buyer_moved_once_it_was_late_is_shown_and_excuses_nothing(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.move(order, ago(3), due_on=ago(10), by="buyer", first=None)
    await world.acknowledge(order, ago(5), ago(3), due_on=ago(10))
    await world.receive(order, ago(3))
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.days_late) == (1, 0, 7)
    [line] = await evidence(world, supplier)
    assert (line.first_promised_on, line.last_promised_on, line.promised_on) == (ago(3), ago(3), ago(10))


async def test_the_first_promise_that_the_buyer_took_is_the_day_that_counts(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.move(order, ago(5), due_on=ago(5), by="supplier", first=ago(5))
    await world.receive(order, ago(5))
    assert (await measured(world, supplier)).lines_on_time == 1
    await world.amend(order, ago(4), ordered(ago(10), price="3"))
    assert (await measured(world, supplier)).lines_on_time == 1
    await world.amend(order, ago(3), ordered(ago(7), price="3"))
    assert (await measured(world, supplier)).lines_on_time == 0


async def test_any_hour_of_the_promised_day_is_on_time(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, TODAY, time_zone="Europe/Berlin")
    for hour, due in ((0, 0), (21, 0), (22, 1)):  # midnight in Berlin is 22:00 in UTC
        world.clock.now = datetime(2026, 6, 15, hour, 30, tzinfo=UTC)
        assert (await measured(world, supplier)).lines_due == due
    order = await world.order(supplier, TODAY)
    await world.receive(order, TODAY)
    assert (await measured(world, supplier)).lines_on_time == 1


async def test_parts_that_add_up_are_a_hundred_percent_and_not_71_43(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), quantity="7")
    for quantity in ("2", "3", "2"):
        await world.receive(order, ago(12), quantity)
    found = await measured(world, supplier)
    assert found.in_full_percent == found.on_time_percent == 100


async def test_twice_what_was_ordered_is_a_hundred_percent_and_not_200(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), "20")
    found = await measured(world, supplier)
    assert found.in_full_percent == found.on_time_in_full_percent == 100
    await world.issue(supplier, in_parts((ago(9), "4"), (ago(8), "6")))
    parts = await world.issue(supplier, in_parts((ago(9), "4"), (ago(8), "6")))
    await world.receive(parts, ago(9), "20")
    found = await measured(world, supplier)
    assert (found.lines, found.lines_in_full) == (5, 3)


async def test_a_rest_that_is_cancelled_before_its_last_day_is_not_overdue(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issue(supplier, in_parts((ago(20), "6"), (ago(5), "4")))
    await world.receive(order, ago(20), "6")
    await world.close_line(order, ago(10), rest="4")
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due, found.lines_on_time) == (2, 1, 1)


async def test_a_late_receipt_that_is_reversed_is_as_if_it_had_not_been(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issue(supplier, in_parts((ago(20), "6"), (ago(1), "4")))
    await world.receive(order, ago(19), "6")
    assert (await measured(world, supplier)).days_late == 1 + 1
    await world.reverse(order, ago(19), ago(10), "6")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time, found.days_late) == (2, 0, 20 + 1)
    await world.receive(order, ago(20), "10")
    found = await measured(world, supplier)
    assert (found.lines_on_time, found.days_late) == (2, -19)


async def test_a_line_in_parts_is_judged_part_by_part_as_they_fall_due(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issue(supplier, in_parts((ago(5), "6"), (ago(20), "4")), ordered(ago(9), number=2))
    await world.receive(order, ago(20), "4")
    await world.receive(order, ago(4), "6", "2")
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due, found.lines_on_time, found.lines_in_full) == (3, 3, 1, 1)
    lines = await evidence(world, supplier, Measure.REJECTED_PPM)
    assert [
        (one.line_number, one.schedule_number, one.received_quantity, one.rejected_quantity, one.value)
        for one in lines
    ] == [(1, 2, 4, 0, Decimal("10.00")), (1, 1, 6, 2, Decimal("15.00"))]
    early = await measured(world, supplier, as_of=ago(10))
    assert (early.lines_due, early.lines_on_time, early.spend) == (1, 1, {"EUR": Decimal(10)})


async def test_what_a_buyer_moves_of_a_part_lets_the_parts_be_filled_as_they_are_due_now(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.issue(supplier, in_parts((ago(20), "6"), (ago(10), "4")))
    await world.acknowledge(order, ago(30), ago(20), ago(10))
    await world.move(order, ago(2), due_on=ago(2), by="buyer", part=1, first=ago(20))
    await world.receive(order, ago(10), "4")
    await world.receive(order, ago(2), "6")
    found = await measured(world, supplier)
    assert (found.lines_due, found.lines_on_time) == (2, 2)
    lines = await evidence(world, supplier)
    assert [(one.schedule_number, one.first_promised_on, one.promised_on) for one in lines] == [
        (2, ago(10), ago(10)),
        (1, ago(20), ago(2)),
    ]


async def test_parts_are_those_of_the_version_in_force(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issue(supplier, in_parts((ago(20), "6"), (ago(10), "4")))
    await world.move(order, ago(15), due_on=ago(15), by="supplier", part=1, first=ago(15))
    await world.receive(order, ago(15), "6")
    await world.amend(order, ago(12), in_parts((ago(20), "6"), (ago(8), "6")))
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due, found.lines_on_time, found.days_late) == (2, 2, 1, 8)
    await world.amend(order, ago(11), ordered(ago(8), "12"))
    found = await measured(world, supplier)
    assert (found.lines, found.lines_due, found.lines_on_time) == (1, 1, 0)
    await world.amend(order, ago(10), in_parts((ago(8), "6"), (ago(7), "6")))
    found = await measured(world, supplier)
    assert (found.lines, found.lines_on_time) == (2, 1)


async def test_an_open_part_grows_late_by_the_day_and_its_supplier_is_judged_again(world: World) -> None:
    supplier = await world.supplier()
    await world.issue(supplier, in_parts((ago(3), "6"), (TODAY + timedelta(30), "4")))
    async with world.context.database.transaction() as tx:
        moved = await queries.suppliers_moved_by(tx, TODAY)
    assert supplier in {one.supplier_id for one in moved}
    async with world.context.database.transaction() as tx:
        entering = await queries.suppliers_moved_by(tx, TODAY + timedelta(30))
    assert supplier in {one.supplier_id for one in entering}


START = date(2026, 6, 1)
DAYS = st.integers(0, 12).map(lambda offset: START + timedelta(days=offset))
PARTS = st.lists(st.tuples(DAYS, st.integers(1, 5)), min_size=1, max_size=4)
RECEIPTS = st.lists(
    st.tuples(DAYS, st.integers(1, 6)).flatmap(
        lambda one: st.tuples(st.just(one[0]), st.just(one[1]), st.integers(0, one[1]))
    ),
    max_size=5,
)


def plainly(
    parts: Sequence[tuple[date, int]], receipts: Sequence[tuple[date, int, int]], as_of: date, price: Decimal
) -> Measures:
    """Fill parts piece by piece, in the order of their days, with the pieces that came day by day."""
    pieces: list[tuple[date, bool]] = []  # the day, and whether it was rejected (those of a day come first)
    for day in sorted({on for on, _, _ in receipts if on <= as_of}):
        came = sum(quantity for on, quantity, _ in receipts if on == day)
        rejected = sum(of_it for on, _, of_it in receipts if on == day)
        pieces += [(day, nth < rejected) for nth in range(came)]
    ordered_parts = sorted(
        ((day, quantity, number) for number, (day, quantity) in enumerate(parts)), key=lambda p: (p[0], p[2])
    )
    accepted_days = sorted(day for day, rejected in pieces if not rejected)
    total = due = on_time = in_full = both = late = lines_received = 0
    worth = share = spend = Decimal(0)
    accepted = 0
    received = rejected_pieces = through = 0
    for nth, (day, quantity, _) in enumerate(ordered_parts):
        is_last = nth == len(ordered_parts) - 1
        own = pieces[through:] if is_last else pieces[through : through + quantity]
        value = rounded(price * (through + len(own))) - rounded(price * min(through, len(pieces)))
        through += quantity
        rejected = sum(is_rejected for _, is_rejected in own)
        spend += rounded(price * (accepted + len(own) - rejected)) - rounded(price * accepted)
        accepted += len(own) - rejected
        total += 1
        received += len(own)
        rejected_pieces += rejected
        lines_received += bool(own)
        if own:
            worth += value
            share += (value * rejected / len(own)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        arrived = pieces[through - 1][0] if len(pieces) >= through else None
        if arrived is None and not day < as_of:
            continue
        due += 1
        is_on_time = arrived is not None and arrived <= day
        is_in_full = len(accepted_days) >= through
        on_time, in_full, both = (
            on_time + is_on_time,
            in_full + is_in_full,
            both + (is_on_time and is_in_full),
        )
        late += ((arrived or as_of) - day).days
    assert (received, rejected_pieces) == (len(pieces), sum(is_rejected for _, is_rejected in pieces))
    return Measures(
        lines=total,
        lines_due=due,
        lines_on_time=on_time,
        lines_in_full=in_full,
        lines_on_time_in_full=both,
        days_late=late,
        by_unit={"C62": Received(Decimal(received), Decimal(rejected_pieces))} if received else {},
        by_currency={"EUR": Valued(lines_received, worth, share, spend)} if received else {},
    )


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=PARTS, receipts=RECEIPTS, as_of=DAYS, price=st.decimals("0", "9.999", places=3))
async def test_parts_are_judged_as_pieces_fill_them_one_by_one(
    world: World,
    parts: list[tuple[date, int]],
    receipts: list[tuple[date, int, int]],
    as_of: date,
    price: Decimal,
) -> None:
    supplier = await world.supplier()
    line = in_parts(*((day, str(quantity)) for day, quantity in parts), price=str(price))
    order = await world.issue(supplier, line)
    for on, quantity, rejected in receipts:
        await world.receive(order, on, str(quantity), str(rejected))
    for day in (as_of, START + timedelta(14)):
        found = await measured(world, supplier, as_of=day)
        expected = plainly(parts, receipts, day, price)
        assert (found.lines, found.lines_due, found.lines_on_time, found.lines_in_full) == (
            expected.lines,
            expected.lines_due,
            expected.lines_on_time,
            expected.lines_in_full,
        )
        assert (found.lines_on_time_in_full, found.days_late) == (
            expected.lines_on_time_in_full,
            expected.days_late,
        )
        assert (found.by_unit, found.by_currency) == (expected.by_unit, expected.by_currency)

"""What of a line is overdue on a day."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from procurement.shipments.rules.overdue import OnItsWay, OpenLine, Overdue, Part, overdue

DAY = date(2026, 3, 10)
NEXT = DAY + timedelta(1)


def ten(open_quantity: int = 10, known_since: date | None = None) -> OpenLine:
    """Return a line of ten pieces that were promised for a day."""
    parts = [Part(DAY, Decimal(10))]
    return OpenLine(1, parts, Decimal(open_quantity), known_since)


def sent(quantity: int, expected_on: date, nth: int = 1) -> OnItsWay:
    """Return what is under way of the line."""
    return OnItsWay(UUID(int=nth), f"LS-{nth}", expected_on, 1, Decimal(quantity))


def test_any_hour_of_the_last_day_is_in_time() -> None:
    assert overdue(ten(), [], DAY) == []
    assert overdue(ten(), [], NEXT) == [Overdue(1, DAY, Decimal(10))]


def test_what_came_is_not_overdue() -> None:
    assert overdue(ten(open_quantity=3), [], NEXT) == [Overdue(1, DAY, Decimal(3))]
    assert overdue(ten(open_quantity=0), [], NEXT) == []


def test_what_is_under_way_is_due_when_it_is_expected_and_no_later_than_was_promised() -> None:
    early, late = sent(10, DAY - timedelta(2)), sent(10, DAY + timedelta(9999))
    assert overdue(ten(), [early], DAY - timedelta(1)) == [
        Overdue(1, DAY - timedelta(2), Decimal(10), (early,))
    ]
    assert overdue(ten(), [late], DAY) == []
    assert overdue(ten(), [late], NEXT) == [Overdue(1, DAY, Decimal(10), (late,))]


def test_what_is_due_on_one_day_is_told_together_and_never_more_than_is_open() -> None:
    one, other = sent(4, DAY, 1), sent(5, DAY, 2)
    assert overdue(ten(), [other, one], NEXT) == [Overdue(1, DAY, Decimal(10), (other, one))]
    assert overdue(ten(open_quantity=2), [one, other], NEXT) == [Overdue(1, DAY, Decimal(2), (one,))]


def test_what_came_and_what_is_under_way_fill_the_parts_that_were_due_first() -> None:
    parts = [Part(NEXT, Decimal(6)), Part(DAY, Decimal(4))]
    later = NEXT + timedelta(1)
    assert overdue(OpenLine(1, parts, Decimal(9)), [], later) == [
        Overdue(1, DAY, Decimal(3)),
        Overdue(1, NEXT, Decimal(6)),
    ]
    shipment = sent(5, later)
    assert overdue(OpenLine(1, parts, Decimal(9)), [shipment], later) == [
        Overdue(1, DAY, Decimal(3), (shipment,)),
        Overdue(1, NEXT, Decimal(6), (shipment,)),
    ]


def test_what_was_due_before_it_was_known_here_is_not_told() -> None:
    assert overdue(ten(known_since=NEXT), [], NEXT) == []
    assert overdue(ten(known_since=DAY), [], NEXT) == [Overdue(1, DAY, Decimal(10))]
    shipment = sent(4, NEXT)
    assert overdue(ten(known_since=NEXT), [shipment], NEXT + timedelta(1)) == [
        Overdue(1, NEXT, Decimal(4), (shipment,))
    ]


@given(
    quantities=st.lists(st.integers(1, 20), min_size=1, max_size=5),
    came=st.integers(0, 100),
    shipped=st.lists(st.tuples(st.integers(1, 20), st.integers(-5, 5)), max_size=4),
    today=st.integers(-5, 10),
)
def test_nothing_is_overdue_but_what_is_open_and_by_days_that_are_past(
    quantities: list[int], came: int, shipped: list[tuple[int, int]], today: int
) -> None:
    parts = [Part(DAY + timedelta(nth), Decimal(quantity)) for nth, quantity in enumerate(quantities)]
    open_quantity = Decimal(max(sum(quantities) - came, 0))
    sent_off = [sent(quantity, DAY + timedelta(days), nth) for nth, (quantity, days) in enumerate(shipped)]
    line = OpenLine(1, parts, open_quantity)
    found = overdue(line, sent_off, DAY + timedelta(today))
    assert [one.due_on for one in found] == sorted({one.due_on for one in found})
    assert all(one.due_on < DAY + timedelta(today) and 0 < one.quantity <= open_quantity for one in found)
    assert sum((one.quantity for one in found), Decimal(0)) <= open_quantity
    all_of_it = overdue(line, sent_off, DAY + timedelta(100))
    assert sum((one.quantity for one in all_of_it), Decimal(0)) == open_quantity


@given(
    quantities=st.lists(st.integers(1, 20), min_size=1, max_size=5),
    shipped=st.lists(st.tuples(st.integers(1, 20), st.integers(-5, 99)), max_size=4),
    today=st.integers(-5, 10),
)
def test_no_shipment_makes_less_of_a_line_overdue(
    quantities: list[int], shipped: list[tuple[int, int]], today: int
) -> None:
    parts = [Part(DAY + timedelta(nth), Decimal(quantity)) for nth, quantity in enumerate(quantities)]
    line = OpenLine(1, parts, Decimal(sum(quantities)))
    sent_off = [sent(quantity, DAY + timedelta(days), nth) for nth, (quantity, days) in enumerate(shipped)]
    day = DAY + timedelta(today)
    without, beside = (
        sum((one.quantity for one in overdue(line, those, day)), Decimal(0)) for those in ([], sent_off)
    )
    assert beside >= without

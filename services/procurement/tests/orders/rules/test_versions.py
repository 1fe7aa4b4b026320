"""What two versions of an order say differently, by field and in words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.schedules import Schedule
from procurement.orders.rules.versions import Difference, as_json, differences, from_json, in_words


def line(number: int = 1, **changes: Any) -> DraftLine:
    stated = DraftLine(
        line_number=number,
        item="M8",
        description="bolt",
        category="fasteners",
        quantity=Decimal(10),
        unit="C62",
        price=Decimal("2.50"),
        price_base_quantity=Decimal(1),
        promised_on=date(2026, 3, 20),
    )
    return replace(stated, **changes)


def order(*lines: DraftLine, **changes: Any) -> DraftOrder:
    stated = DraftOrder(
        supplier_id=UUID(int=1),
        currency="EUR",
        site="HAM-1",
        business_unit="drives",
        cost_centre="4711",
        ordered_on=date(2026, 3, 2),
        lines=lines or (line(),),
    )
    return replace(stated, **changes)


NUMBERS = st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True)
SCHEDULES = st.lists(
    st.builds(
        Schedule,
        st.integers(1, 3),
        st.sampled_from([Decimal(1), Decimal("2.5")]),
        st.sampled_from([date(2026, 3, 13), date(2026, 3, 20)]),
    ),
    max_size=3,
    unique_by=lambda one: one.schedule_number,
).map(tuple)
LINES = NUMBERS.flatmap(
    lambda numbers: st.tuples(
        *(
            st.builds(
                line,
                st.just(number),
                quantity=st.sampled_from([Decimal(1), Decimal("2.5")]),
                item=st.sampled_from(["M8", "M10"]),
                external_reference=st.sampled_from([None, "10"]),
                schedules=SCHEDULES,
            )
            for number in numbers
        )
    )
)
ORDERS = st.builds(lambda lines, site: order(*lines, site=site), LINES, st.sampled_from(["HAM-1", "HAM-2"]))


@given(ORDERS)
def test_a_version_is_read_as_it_was_kept(content: DraftOrder) -> None:
    assert from_json(as_json(content)) == content


@given(ORDERS, ORDERS)
def test_each_field_that_differs_is_named_once_and_nothing_else(
    before: DraftOrder, after: DraftOrder
) -> None:
    def flat(content: DraftOrder) -> dict[str, str | None]:
        said: dict[str, str | None] = {
            f"/{f.name}": str(getattr(content, f.name)) for f in fields(content) if f.name != "lines"
        }
        for one in content.lines:
            for field in fields(one):
                value = getattr(one, field.name)
                if field.name not in {"line_number", "schedules"} and value not in (None, ()):
                    said[f"/lines/{one.line_number}/{field.name}"] = str(value)
            for schedule in one.schedules:
                at = f"/lines/{one.line_number}/schedules/{schedule.schedule_number}"
                said |= {f"{at}/quantity": str(schedule.quantity), f"{at}/need_by": str(schedule.need_by)}
        return said

    old, new = flat(before), flat(after)
    expected = {
        (at, old.get(at), new.get(at)) for at in old.keys() | new.keys() if old.get(at) != new.get(at)
    }
    found = differences(before, after)
    assert {(one.pointer, one.before, one.after) for one in found} == expected
    assert len(found) == len(expected)


def test_differences_are_said_in_words_line_by_line() -> None:
    before = order(line(1), line(2), line(3))
    after = order(
        line(1, quantity=Decimal("12.50"), price=Decimal("2.40")),
        line(3),
        line(4, item="M10", promised_on=date(2026, 4, 1)),
        site="HAM-2",
        cost_centre="4712",
    )
    assert in_words(differences(before, after)) == [
        "Order: site HAM-1 → HAM-2, cost centre 4711 → 4712",
        "Line 1: quantity 10 → 12.50, price 2.50 → 2.40",
        "Line 2 cancelled: 10 C62 of M8 at 2.50, promised on 2026-03-20",
        "Line 4 added: 10 C62 of M10 at 2.50, promised on 2026-04-01",
    ]


def test_schedules_that_differ_are_said_in_words_with_their_line() -> None:
    march, april = date(2026, 3, 13), date(2026, 4, 1)
    before = order(
        line(1, schedules=(Schedule(1, Decimal(4), march), Schedule(2, Decimal(6), april))), line(2)
    )
    after = order(
        line(
            1,
            quantity=Decimal(12),
            schedules=(Schedule(1, Decimal(5), march), Schedule(3, Decimal(7), april)),
        ),
        line(2, schedules=(Schedule(1, Decimal(10), march),)),
        line(3, schedules=(Schedule(1, Decimal(10), april),)),
    )
    assert in_words(differences(before, after)) == [
        "Line 1: quantity 10 → 12, schedule 1 quantity 4 → 5, schedule 2 dropped, 6 by 2026-04-01,"
        " schedule 3 added, 7 by 2026-04-01",
        "Line 2: schedule 1 added, 10 by 2026-03-13",
        "Line 3 added: 10 C62 of M8 at 2.50, promised on 2026-03-20, schedule 1 added, 10 by 2026-04-01",
    ]
    [moved] = differences(
        order(line(schedules=(Schedule(1, Decimal(10), march),))),
        order(line(schedules=(Schedule(1, Decimal(10), april),))),
    )
    assert (moved.pointer, moved.line_number, moved.schedule_number) == ("/lines/1/schedules/1/need_by", 1, 1)


def test_a_number_that_is_written_otherwise_is_no_difference() -> None:
    assert differences(order(), order(line(quantity=Decimal("10.000")))) == []
    assert in_words([]) == []


def test_a_field_that_was_empty_is_said_to_have_been_nothing() -> None:
    before, after = order(ordered_on=None), order(line(external_reference="4500/10"), ordered_on=None)
    assert in_words(differences(before, after)) == ["Line 1: external reference nothing → 4500/10"]
    assert Difference("/site", None, None).line_number is None

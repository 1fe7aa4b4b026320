"""What a requisition says: shares of exactly 100 %, charged to the last cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.requisitions.rules.stated import (
    Assignment,
    LineKind,
    PriceSource,
    Request,
    RequestedLine,
    Template,
    TemplateLine,
    charged_amounts,
    check_needs,
    check_request,
)
from purveyor.errors import InvalidError

CENTS = st.integers(0, 1_000_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
WEIGHTS = st.lists(st.integers(1, 1000), min_size=1, max_size=8)
LINE = RequestedLine(
    kind=LineKind.ITEM,
    item="M8-HEX-40",
    description="Hexagon bolt M8 x 40",
    category="fasteners",
    quantity=Decimal(10),
    unit="C62",
    site="HAM-1",
    price=Decimal("2.50"),
    price_base_quantity=Decimal(1),
    price_source=PriceSource.ESTIMATE,
    supplier_id=None,
    justification=None,
    assignments=(Assignment("4711", None, Decimal(100)),),
    line_number=1,
    need_by=date(2026, 3, 20),
)


def request(*lines: RequestedLine) -> Request:
    return Request("Bolts", "drives", "EUR", None, None, lines)


def refused(*lines: RequestedLine) -> dict[str, str]:
    """Return what is wrong with lines, by its place."""
    with pytest.raises(InvalidError) as caught:
        check_request(request(*lines))
    assert caught.value.code == "requisition_invalid"
    return {problem.pointer: problem.detail for problem in caught.value.errors}


def shares(weights: list[int]) -> tuple[Assignment, ...]:
    """Return shares of 100 % by weight, as precise as a share may be."""
    whole, place = sum(weights), Decimal("0.000001")
    parts = [(Decimal(weight) * 100 / whole).quantize(place) for weight in weights]
    parts[-1] += 100 - sum(parts)
    return tuple(Assignment(f"c{nth}", None, part) for nth, part in enumerate(parts))


@given(amount=CENTS, weights=WEIGHTS)
def test_what_is_charged_adds_up_to_the_line_and_nobody_bears_a_cent_more_than_their_share(
    amount: Decimal, weights: list[int]
) -> None:
    assignments = shares(weights)
    parts = charged_amounts(amount, assignments, "EUR")
    assert sum(parts) == amount
    for one, part in zip(assignments, parts, strict=True):
        assert abs(part - amount * one.share / 100) < Decimal("0.01")


def test_a_cent_that_is_left_goes_to_the_largest_remainder() -> None:
    thirds = tuple(
        Assignment(code, None, Decimal(share)) for code, share in (("a", 33), ("b", 33), ("c", 34))
    )
    assert charged_amounts(Decimal("0.10"), thirds, "EUR") == [
        Decimal(part) for part in ("0.03", "0.03", "0.04")
    ]
    halves = tuple(Assignment(code, None, Decimal(50)) for code in "ab")
    assert charged_amounts(Decimal("0.01"), halves, "EUR") == [Decimal("0.01"), Decimal("0.00")]


@given(weights=WEIGHTS, off=st.sampled_from(["0.000001", "-0.000001", "0.01", "-0.01", "1"]))
def test_shares_that_are_not_exactly_a_hundred_percent_are_refused(weights: list[int], off: str) -> None:
    assignments = shares(weights)
    check_request(request(replace(LINE, assignments=assignments)))
    last = assignments[-1]
    wrong = (*assignments[:-1], replace(last, share=last.share + Decimal(off)))
    assert "/lines/0/assignments" in refused(replace(LINE, assignments=wrong))


def test_the_refusal_says_what_the_shares_add_up_to() -> None:
    wrong = (Assignment("4711", None, Decimal("60.00")), Assignment("4712", None, Decimal("39.99")))
    assert refused(replace(LINE, assignments=wrong)) == {
        "/lines/0/assignments": "the shares add up to 99.99 %, not to 100 %"
    }


def test_the_same_is_not_charged_twice_but_a_cost_centre_may_bear_several_projects() -> None:
    twice = tuple(Assignment("4711", "P-17", Decimal(50)) for _ in range(2))
    assert refused(replace(LINE, assignments=twice)).keys() == {
        "/lines/0/assignments/0/cost_centre",
        "/lines/0/assignments/1/cost_centre",
    }
    check_request(request(replace(LINE, assignments=(twice[0], replace(twice[1], project="P-18")))))


def test_all_that_is_wrong_is_named_at_once() -> None:
    huge = replace(LINE, price=Decimal(10) ** 14, line_number=2)
    assert refused(
        replace(LINE, unit="pieces", item=None), replace(LINE, kind=LineKind.SERVICE), huge
    ).keys() == {
        "/lines",
        "/lines/0/line_number",
        "/lines/0/unit",
        "/lines/0/item",
        "/lines/1/line_number",
        "/lines/1/item",
        "/lines/2/price",
    }


def test_what_is_needed_on_a_day_that_is_over_is_refused() -> None:
    check_needs([LINE], {"HAM-1": date(2026, 3, 20)})
    with pytest.raises(InvalidError) as caught:
        check_needs([LINE], {"HAM-1": date(2026, 3, 21)})
    assert caught.value.errors[0].pointer == "/lines/0/need_by"


def test_a_template_is_needed_in_as_many_days_as_it_says_unless_a_day_is_named() -> None:
    names = [name for name in RequestedLine.__dataclass_fields__ if name != "need_by"]
    line = TemplateLine(need_in_days=14, **{name: getattr(LINE, name) for name in names})
    template = Template("Bolts", "drives", "EUR", "why", (line,))
    today, other = date(2026, 3, 2), date(2026, 5, 1)
    [drafted] = template.request(today, None).lines
    assert drafted == replace(LINE, need_by=date(2026, 3, 16))
    assert template.request(today, other).lines[0].need_by == other
    assert template.request(today, None).justification == "why"

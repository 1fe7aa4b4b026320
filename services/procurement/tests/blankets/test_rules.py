"""The life of a blanket order, written out, and what may be called off of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.blankets import rules
from procurement.blankets.rules import (
    AgreedLine,
    Agreement,
    BlanketAction,
    BlanketStatus,
    Wanted,
    allowed_actions,
    next_status,
)
from purveyor.errors import ConflictError, ForbiddenError, InvalidError
from purveyor.money import round_amount

TODAY = date(2026, 3, 2)
ACTIONS = ("change", "submit", "approve", "return", "hold", "release", "close")
TABLE = """
draft     | draft submitted -        -     -        -        closed
submitted | -     -         approved draft -        -        closed
approved  | -     -         -        -     approved -        closed
held      | -     -         -        -     -        approved closed
closed    | -     -         -        -     -        -        -
"""
"""One that is held is approved, too."""
LEADS_TO = {
    status.strip(): dict(zip(ACTIONS, reached.split(), strict=True))
    for status, reached in (row.split("|") for row in TABLE.strip().splitlines())
}


@dataclass
class Line:
    line_number: int = 1
    item: str = "M8"
    description: str = "bolt"
    category: str = "fasteners"
    unit: str = "C62"
    quantity: Decimal = Decimal(100)
    price: Decimal = Decimal("2.50")
    price_base_quantity: Decimal = Decimal(1)
    most_quantity: Decimal = Decimal(105)
    called_off_quantity: Decimal = Decimal(90)
    called_off_value: Decimal = Decimal("225.00")
    charges: Sequence[str] = ()


def more(quantity: int | str) -> Wanted:
    return Wanted(Decimal(0), Decimal(quantity))


def test_the_table_names_every_status_and_every_action() -> None:
    assert {*LEADS_TO} - {"held"} == set(BlanketStatus)
    assert list(ACTIONS) == list(BlanketAction)


@pytest.mark.parametrize("standing", LEADS_TO)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_blanket_order_moves_as_the_table_says_or_is_refused(standing: str, action: str) -> None:
    held, status = standing == "held", "approved" if standing == "held" else standing
    possible = [name for name in ACTIONS if LEADS_TO[standing][name] != "-"]
    assert allowed_actions(status, held=held) == possible
    if action in possible:
        assert next_status(BlanketAction(action), status, held=held) == LEADS_TO[standing][action]
        return
    with pytest.raises(ConflictError) as refused:
        next_status(BlanketAction(action), status, held=held)
    assert (refused.value.code, refused.value.extensions["allowed"]) == ("wrong_state", possible)


@given(st.integers(0, 105), st.integers(-90, 200))
def test_no_more_is_called_off_of_a_line_than_agreed_with_the_tolerance(before: int, wanted: int) -> None:
    line = Line(called_off_quantity=Decimal(before))
    if before + wanted <= 105:
        rules.check_called_off([line], None, {1: more(wanted)}, "EUR")
        return
    with pytest.raises(InvalidError) as refused:
        rules.check_called_off([line], None, {1: more(wanted)}, "EUR")
    [problem] = refused.value.errors
    assert (problem.pointer, problem.detail) == ("/lines/0/quantity", f"at most {105 - before} more")


def test_no_more_is_called_off_than_the_agreed_value_with_the_tolerance() -> None:
    lines = [Line(), Line(line_number=2, called_off_quantity=Decimal(0), called_off_value=Decimal(0))]
    rules.check_called_off(lines, Decimal(250), {2: more(10)}, "EUR")
    with pytest.raises(InvalidError) as refused:
        rules.check_called_off(lines, Decimal(250), {2: more("10.1")}, "EUR")
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/lines", "at most 25 more in value")
    ]
    rules.check_called_off(lines, Decimal(100), {1: Wanted(Decimal(10), Decimal(0))}, "EUR")


@given(
    st.sampled_from([("EUR", "1.005"), ("JPY", "0.5"), ("JPY", "0.4"), ("KWD", "0.00049"), ("EUR", "7.90")]),
    st.lists(st.integers(-3, 5), max_size=9),
)
def test_what_is_called_off_is_worth_what_the_lines_of_its_orders_cost_one_by_one(
    agreed: tuple[str, str], changes: list[int]
) -> None:
    """However a call-off came to want what it does now: at once, by amendments, or taken back."""
    currency, price = agreed
    line = Line(price=Decimal(price), price_base_quantity=Decimal(1))
    wanted, value = Decimal(0), Decimal(0)
    for change in changes:
        now = max(wanted + change, Decimal(0))
        value += Wanted(wanted, now).value(line, currency)
        wanted = now
        assert value == round_amount(wanted * line.price, currency)


def test_half_a_yen_each_is_a_yen_for_each_call_off_of_one() -> None:
    line = Line(price=Decimal("0.5"), called_off_quantity=Decimal(0), called_off_value=Decimal(4))
    rules.check_called_off([line], Decimal(5), {1: more(1)}, "JPY")
    line.called_off_value = Decimal(5)
    with pytest.raises(InvalidError) as refused:
        rules.check_called_off([line], Decimal(5), {1: more(1)}, "JPY")
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/lines", "at most 0 more in value")
    ]


@pytest.mark.parametrize(
    ("currency", "value", "why"),
    [
        ("JPY", "5.5", "JPY has 0 decimals"),
        ("JPY", "5.0", None),
        ("EUR", "5.505", "EUR has 2 decimals"),
        ("EUR", "5.50", None),
        ("KWD", "5.505", None),
    ],
)
def test_a_value_is_agreed_in_what_its_currency_is_paid_in(
    currency: str, value: str, why: str | None
) -> None:
    line = AgreedLine(1, "M8", "bolt", "fasteners", Decimal(1), "C62", Decimal(1), Decimal(1))
    agreement = Agreement(currency, "drives", TODAY, TODAY, Decimal(0), Decimal(value), (line,))
    if why is None:
        rules.check_agreement(agreement)
        return
    with pytest.raises(InvalidError) as refused:
        rules.check_agreement(agreement)
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [("/value", why)]


def test_a_line_that_was_not_agreed_is_not_called_off() -> None:
    with pytest.raises(InvalidError, match="More than") as refused:
        rules.check_called_off([Line()], None, {7: more(1)}, "EUR")
    assert refused.value.errors[0].pointer == "/lines/0/line_number"
    for name, other in (("item", "M10"), ("unit", "KGM"), ("price", Decimal(3)), ("line_number", 7)):
        wrong = Line()
        setattr(wrong, name, other)
        with pytest.raises(InvalidError) as refused:
            rules.check_as_agreed([Line()], [wrong])
        assert (refused.value.code, refused.value.errors[0].pointer) == ("not_as_agreed", f"/lines/0/{name}")
    rules.check_as_agreed([Line()], [Line(quantity=Decimal(1))])


@pytest.mark.parametrize(
    ("status", "held", "first", "last", "code"),
    [
        ("approved", None, 0, 0, None),
        ("approved", None, -1, 1, None),
        ("approved", None, 1, 2, "blanket_order_not_valid"),
        ("approved", None, -2, -1, "blanket_order_not_valid"),
        ("approved", "prices are being negotiated", -1, 1, "on_hold"),
        ("draft", None, -1, 1, "wrong_state"),
        ("submitted", None, -1, 1, "wrong_state"),
        ("closed", None, -1, 1, "wrong_state"),
    ],
)
def test_nothing_is_called_off_after_the_end_or_when_it_is_held(
    status: str, held: str | None, first: int, last: int, code: str | None
) -> None:
    days = TODAY + timedelta(first), TODAY + timedelta(last)
    if code is None:
        rules.check_callable(status, held, *days, TODAY)
        return
    with pytest.raises(ConflictError) as refused:
        rules.check_callable(status, held, *days, TODAY)
    assert refused.value.code == code


@given(st.sampled_from("abc"), st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_who_wrote_it_or_made_its_supplier_what_it_is_does_not_approve_it(
    approver: str, authors: list[str], of_supplier: list[str]
) -> None:
    parts = {"authors": authors, "supplier_authors": of_supplier}
    if approver not in {*authors, *of_supplier}:
        rules.check_approver(approver, parts)
        return
    with pytest.raises(ForbiddenError) as refused:
        rules.check_approver(approver, parts)
    assert refused.value.code == "segregation_of_duties"


def test_a_blanket_order_ends_no_earlier_than_it_begins_and_numbers_its_lines_once() -> None:
    line = AgreedLine(1, "M8", "bolt", "fasteners", Decimal(1), "C62", Decimal(1), Decimal(1))
    agreement = Agreement("EUR", "drives", TODAY, TODAY, Decimal(0), None, (line,))
    rules.check_agreement(agreement)
    wrong = replace(agreement, valid_to=TODAY - timedelta(1), lines=(line, line))
    with pytest.raises(InvalidError) as refused:
        rules.check_agreement(wrong)
    assert [one.pointer for one in refused.value.errors] == [
        "/valid_to",
        "/lines/0/line_number",
        "/lines/1/line_number",
    ]

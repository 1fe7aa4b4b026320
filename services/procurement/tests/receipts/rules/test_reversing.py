"""How much of a receipt may be taken back, and where that leaves an order."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.reversing import TakenBack
from procurement.receipts.rules.reversing import LotLeft, Reversal, ReversedLine, Standing, taken_back
from purveyor.errors import ConflictError, InvalidError

DAY = date(2026, 3, 2)
counts = st.integers(0, 9).map(Decimal)


def left(quantity: int, rejected: int = 0, *, owed_again: bool = True) -> dict[int, Standing]:
    return {1: Standing(1, Decimal(quantity), Decimal(rejected), owed_again)}


@given(counts, counts, counts, counts, st.booleans())
def test_what_is_left_of_a_receipt_never_has_more_rejected_than_there_is(
    quantity: Decimal, rejected: Decimal, taken: Decimal, of_it_rejected: Decimal, owed_again: bool
) -> None:
    rejected = min(rejected, quantity)
    receipt = {1: Standing(1, quantity, rejected, owed_again)}
    reversal = Reversal(DAY, (ReversedLine(1, taken, of_it_rejected),))
    possible = (
        of_it_rejected <= taken <= quantity
        and of_it_rejected <= rejected
        and taken - of_it_rejected <= quantity - rejected
    )
    try:
        goods = taken_back(reversal, receipt, DAY, DAY)[0].taken
    except (ConflictError, InvalidError):
        assert quantity == 0 or not possible
    else:
        assert possible
        assert (goods.quantity, goods.rejected_quantity) == (taken, of_it_rejected)
        assert goods.refused_for_good_quantity == (0 if owed_again else of_it_rejected)


def test_when_no_lines_are_named_all_that_is_left_is_taken_back() -> None:
    receipt = left(5, 2, owed_again=False) | {2: Standing(2, Decimal(0), Decimal(0), owed_again=True)}
    [goods] = taken_back(Reversal(DAY, None), receipt, DAY, DAY)
    assert goods.taken == TakenBack(1, Decimal(5), Decimal(2), Decimal(2))
    with pytest.raises(ConflictError) as refused:
        taken_back(Reversal(DAY, None), left(0), DAY, DAY)
    assert refused.value.code == "already_reversed"


def test_a_line_is_named_once() -> None:
    twice = (ReversedLine(1, Decimal(1), Decimal(0)),) * 2
    with pytest.raises(InvalidError) as refused:
        taken_back(Reversal(DAY, twice), left(5), DAY, DAY)
    assert [problem.pointer for problem in refused.value.errors] == [
        "/lines/0/line_number",
        "/lines/1/line_number",
    ]


LOTS = {"A": LotLeft(Decimal(6), Decimal(2)), "B": LotLeft(Decimal(4), Decimal(0))}
TRACKED = Standing(
    1,
    Decimal(10),
    Decimal(2),
    owed_again=True,
    lots=LOTS,
    serials={f"S{nth}": nth < 2 for nth in range(10)},
    serials_of_one=Fraction(1),
)


def of(
    quantity: int, rejected: int = 0, lots: dict[str, tuple[int, int]] | None = None, serials: str = ""
) -> Reversal:
    taken = tuple((lot, LotLeft(Decimal(a), Decimal(b))) for lot, (a, b) in (lots or {}).items())
    line = ReversedLine(1, Decimal(quantity), Decimal(rejected), taken, tuple(serials.split()))
    return Reversal(DAY, (line,))


def test_all_that_is_left_of_a_line_is_of_all_lots_and_serials_that_are_left() -> None:
    for reversal in (Reversal(DAY, None), of(10, 2)):
        [goods] = taken_back(reversal, {1: TRACKED}, DAY, DAY)
        assert (goods.lots, set(goods.serials)) == (LOTS, {f"S{nth}" for nth in range(10)})


def test_some_of_a_line_says_of_which_lots_and_serials_it_is() -> None:
    [goods] = taken_back(of(3, 1, {"A": (2, 1), "B": (1, 0)}, "S0 S5 S6"), {1: TRACKED}, DAY, DAY)
    assert goods.lots["A"] == LotLeft(Decimal(2), Decimal(1))
    assert goods.serials == ("S0", "S5", "S6")


@pytest.mark.parametrize(
    ("reversal", "problem"),
    [
        (of(1, serials="S5"), ("/lines/0/lots", "say of which lots: A, B are left")),
        (of(1, 0, {"C": (1, 0)}, "S5"), ("/lines/0/lots/0/lot", "nothing of the lot C is left")),
        (
            of(5, 0, {"A": (5, 0)}, "S5 S6 S7 S8 S9"),
            ("/lines/0/lots/0/quantity", "6 of it are left, 2 of them rejected"),
        ),
        (
            of(2, 0, {"A": (1, 0)}, "S5 S6"),
            ("/lines/0/lots", "add up to a quantity of 1, and that of the line is 2"),
        ),
        (
            of(1, 0, {"A": (1, 0)}),
            ("/lines/0/serials", "name 1 that were received, 0 of them rejected, each once"),
        ),
        (
            of(1, 0, {"A": (1, 0)}, "S0"),
            ("/lines/0/serials", "name 1 that were received, 0 of them rejected, each once"),
        ),
        (
            of(1, 0, {"A": (1, 0)}, "X"),
            ("/lines/0/serials/0", "X is none of the serials that are left"),
        ),
    ],
)
def test_what_is_taken_back_is_of_lots_and_serials_that_came(
    reversal: Reversal, problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidError) as refused:
        taken_back(reversal, {1: TRACKED}, DAY, DAY)
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [problem]


def test_of_one_lot_nobody_need_say_which_it_is() -> None:
    one = Standing(1, Decimal(6), Decimal(2), owed_again=True, lots={"A": LotLeft(Decimal(6), Decimal(2))})
    [goods] = taken_back(of(3, 1), {1: one}, DAY, DAY)
    assert goods.lots == {"A": LotLeft(Decimal(3), Decimal(1))}

"""What is left of a budget, which budget covers a line, and what a line gives back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.budgets.rules import states
from procurement.budgets.rules.charging import (
    Charged,
    Covering,
    Document,
    Effect,
    Position,
    check_overrider,
    covering,
    differences,
    given_back,
)
from procurement.budgets.rules.figures import (
    Figures,
    Period,
    Shortfall,
    changed,
    left,
    shortfalls,
    total,
    up_to,
)
from procurement.budgets.rules.states import BudgetAction, BudgetStatus, VersionStatus
from procurement.budgets.rules.stating import (
    Purpose,
    Stated,
    StatedPeriod,
    check_apart,
    check_place,
    check_same_purpose,
    check_stated,
)
from purveyor.errors import ConflictError, ForbiddenError, InvalidError

FIRST = date(2026, 1, 1)
NONE = Decimal(0)
ACTIONS = ("change", "submit", "approve", "return", "withdraw")
TABLE = """
-         | draft -         -        -     -
draft     | draft submitted -        -     withdrawn
submitted | -     -         approved draft withdrawn
"""
amounts = st.integers(0, 50).map(Decimal)


def periods(*figures: Figures) -> list[Period]:
    """Return periods of a day each."""
    return [
        Period(number, FIRST + timedelta(number), FIRST + timedelta(number), one)
        for number, one in enumerate(figures, 1)
    ]


several = st.lists(st.builds(Figures, amounts, amounts, amounts, amounts), min_size=1, max_size=4).map(
    lambda figures: periods(*figures)
)


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_a_version_moves_as_the_table_says_or_is_refused(row: str) -> None:
    standing, reached = row.split("|")
    proposed = None if standing.strip() == "-" else standing.strip()
    moves = dict(zip(ACTIONS, reached.split(), strict=True))
    possible = [name for name in ACTIONS if moves[name] != "-"]
    assert list(ACTIONS) == list(BudgetAction)
    assert states.allowed_actions(BudgetStatus.APPROVED, proposed) == possible
    assert states.allowed_actions(BudgetStatus.CLOSED, proposed) == []
    for action in BudgetAction:
        if action in possible:
            assert states.next_status(action, BudgetStatus.DRAFT, proposed) == moves[action]
            continue
        with pytest.raises(ConflictError) as refused:
            states.next_status(action, BudgetStatus.DRAFT, proposed)
        assert refused.value.extensions["allowed"] == possible


def test_the_refusal_of_a_move_says_what_is_possible() -> None:
    with pytest.raises(ConflictError) as refused:
        states.next_status(BudgetAction.APPROVE, BudgetStatus.DRAFT, VersionStatus.DRAFT)
    assert str(refused.value) == (
        "A budget that has a version that is draft cannot be the object of “approve”; possible now: change, "
        "submit, withdraw."
    )
    with pytest.raises(ConflictError) as refused:
        states.next_status(BudgetAction.CHANGE, BudgetStatus.CLOSED, None)
    assert str(refused.value).endswith(
        "A budget that is closed cannot be the object of “change”; it is finished."
    )
    with pytest.raises(ConflictError):
        states.expect_proposed("approved")
    states.expect_proposed("proposed")


@given(several)
def test_available_is_what_is_neither_reserved_nor_committed_nor_spent(found: list[Period]) -> None:
    figures = total(found)
    assert figures.available == figures.budget - figures.reserved - figures.committed - figures.spent
    assert figures.by_name()["available"] == sum((one.figures.available for one in found), NONE)


@given(several, st.data())
def test_what_is_left_of_a_period_may_be_taken_and_no_cent_more(
    found: list[Period], data: st.DataObject
) -> None:
    """However others stand, and whether they accumulate or not."""
    number = data.draw(st.sampled_from([one.number for one in found]))
    accumulates = data.draw(st.booleans())
    can_take = left(found, number, accumulates=accumulates)
    cent = Decimal("0.01")

    def short(amount: Decimal) -> list[Shortfall]:
        taken = {number: Figures(committed=amount)}
        return list(shortfalls(found, taken, accumulates=accumulates, tolerance_percent=NONE))

    if can_take > 0:
        assert short(can_take) == []
    [worst, *_] = short(max(can_take, NONE) + cent)
    assert worst.missing <= max(can_take, NONE) + cent - max(can_take, NONE) or can_take < 0
    assert short(-cent) == []


@given(several, st.booleans(), st.integers(0, 100))
def test_a_tolerance_is_a_share_of_what_is_budgeted(
    found: list[Period], accumulates: bool, percent: int
) -> None:
    first = up_to(found, 1, accumulates=accumulates)
    tolerance = first.budget * percent / 100
    wanted = first.available + tolerance + 1
    taken = {1: Figures(spent=wanted)}
    short = list(shortfalls(found, taken, accumulates=accumulates, tolerance_percent=Decimal(percent)))
    assert [one.tolerance for one in short if one.period == 1] == ([tolerance] if wanted > 0 else [])


def test_the_arithmetic_is_said() -> None:
    figures = Figures(Decimal(100), Decimal(10), Decimal(20), Decimal(30))
    assert str(Shortfall(1, figures, Decimal(45), Decimal(2))) == (
        "budget 100 − reserved 10 − committed 20 − spent 30 = 40 available, and 2 tolerated; wanted 45, "
        "which is 3 too much"
    )
    assert Shortfall(1, Figures(spent=Decimal(5)), Decimal(1), NONE).missing == 1


def test_a_period_that_is_taken_later_is_not_taken_earlier() -> None:
    found = periods(Figures(Decimal(100)), Figures(Decimal(0), committed=Decimal(80)))
    assert [left(found, number, accumulates=True) for number in (1, 2)] == [20, 20]
    assert [left(found, number, accumulates=False) for number in (1, 2)] == [100, -80]
    assert total(changed(found, {2: Figures(committed=Decimal(-80))})) == Figures(Decimal(100))


def budget(centre: str | None = None, project: str | None = None, category: str | None = None) -> Covering:
    """Return a budget that covers the day."""
    return Covering(uuid4(), "BU-000001", centre, project, category, 1, False)


LINE = Charged(1, "4711", "P-17", "bolts")
PRECISE = [
    budget(project="P-17", category="bolts"),
    budget(project="P-17", category="fasteners"),
    budget(project="P-17"),
    budget("4711", category="bolts"),
    budget("4711", category="fasteners"),
    budget("4711"),
]
OTHERS = [budget("4712"), budget(project="P-18"), budget("4711", category="tools")]


@given(st.sets(st.integers(0, 5)), st.randoms(use_true_random=False))
def test_the_most_precise_budget_covers_a_line(there: set[int], chance: Random) -> None:
    budgets = [*(PRECISE[at] for at in there), *OTHERS]
    chance.shuffle(budgets)
    found = covering(LINE, ("bolts", "fasteners"), budgets)
    assert found == (PRECISE[min(there)] if there else None)


def position(document_amount: str, committed: str, of: UUID = uuid4()) -> Position:  # noqa: B008  # one for all
    """Return what a line holds."""
    return Position(
        of, 1, "order", of, "PO-1", "USD", 1, "4711", None, "bolts", Decimal(document_amount), NONE,
        Decimal(committed), NONE,
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(1, 999), st.integers(1, 999)), min_size=1, max_size=3),
    st.lists(st.integers(1, 500), max_size=12),
)
def test_parts_that_are_given_back_leave_nothing_when_all_is(
    held: list[tuple[int, int]], parts: list[int]
) -> None:
    """Whatever is rounded on the way."""
    standing = [position(str(of), f"{worth}.00") for of, worth in held]
    currencies = {standing[0].budget_id: "EUR"}
    for wanted in [*parts, 3000]:
        given = list(given_back(standing, Effect.COMMITTED, Decimal(wanted), currencies))
        before = sum((one.document_amount for one in standing), NONE)
        assert sum((one.document_amount for one in given), NONE) == min(before, wanted)
        taken = {id(one.position): one for one in given}
        standing = [
            position(str(one.document_amount - gone.document_amount), str(one.committed - gone.amount))
            if (gone := taken.get(id(one)))
            else one
            for one in standing
        ]
        assert all(one.committed >= 0 for one in standing)
    assert all(one.committed == 0 for one in standing)


def test_differences_are_what_is_wanted_more_or_less() -> None:
    document = Document("order", uuid4(), "PO-1", "EUR", FIRST, "drives", ("bea",))
    one, two, three = (Charged(number, "4711", None, "bolts") for number in (1, 2, 3))
    before, after = {one: Decimal(5), two: Decimal(7)}, {one: Decimal(5), two: Decimal(4), three: Decimal(1)}
    moves = differences(document, Effect.COMMITTED, before, after)
    assert [(move.charged.line_number, move.amount) for move in moves] == [(2, Decimal(-3)), (3, Decimal(1))]
    check_overrider("alex", ["bea"])
    with pytest.raises(ForbiddenError):
        check_overrider("bea", ["bea"])


STATED = Stated(
    "Assembly",
    Purpose("4711", None, None),
    "EUR",
    False,
    (StatedPeriod(FIRST, date(2026, 12, 31), Decimal(100)),),
    "plan",
)


def test_what_a_budget_cannot_say() -> None:
    check_stated(STATED)
    backwards = StatedPeriod(FIRST, FIRST - timedelta(1), Decimal(1))
    old = StatedPeriod(date(2002, 3, 1), date(2002, 3, 2), Decimal(1))
    for stated, pointer, why in (
        (Stated("A", Purpose(None, None, None), "EUR", False, STATED.periods, "x"), "/cost_centre", "name a"),
        (
            Stated("A", STATED.purpose, "EUR", False, (backwards,), "x"),
            "/periods/0/last_day",
            "lies before its first day, 2026-01-01",
        ),
        (Stated("A", STATED.purpose, "DEM", False, (old,), "x"), "/currency", "DEM was withdrawn"),
    ):
        with pytest.raises(InvalidError) as refused:
            check_stated(stated)
        [problem] = refused.value.errors
        assert problem.pointer == pointer
        assert problem.detail.startswith(why)


def test_an_approved_budget_stays_for_what_it_is_for() -> None:
    check_same_purpose(STATED, STATED)
    other = Stated(
        "Assembly", Purpose(None, "P-17", "bolts"), "USD", True, (*STATED.periods, *STATED.periods), "x"
    )
    with pytest.raises(InvalidError) as refused:
        check_same_purpose(STATED, other)
    assert {one.pointer: one.detail for one in refused.value.errors} == {
        "/cost_centre": "stays 4711",
        "/project": "stays left out",
        "/category": "stays left out",
        "/currency": "stays EUR",
        "/accumulates": "stays False",
        "/periods": "stay the same days; their amounts may change",
    }


def test_a_budget_is_for_what_is_there_on_some_of_its_days_and_for_nothing_twice() -> None:
    last = date(2026, 12, 31)
    check_place(STATED.purpose, True, date(2026, 6, 1), date(2026, 7, 1), FIRST, last)
    check_place(STATED.purpose, True, None, FIRST, FIRST, last)
    for known, first, end, why in (
        (True, None, FIRST - timedelta(1), "was valid until 2025-12-31, and the day is 2026-01-01"),
        (True, last + timedelta(1), None, "is valid from 2027-01-01 on, and the day is 2026-12-31"),
        (False, None, None, "no cost centre 4711 exists; PUT /v1/cost-centres/4711 creates it"),
    ):
        with pytest.raises(InvalidError) as refused:
            check_place(STATED.purpose, known, first, end, FIRST, last)
        assert refused.value.errors[0].detail == why
    check_apart("BU-000002", STATED.purpose, [])
    with pytest.raises(ConflictError) as overlap:
        check_apart("BU-000002", STATED.purpose, [("BU-000001", FIRST, last)])
    assert str(overlap.value) == (
        "BU-000002 is for cost centre 4711, all categories, as is: BU-000001, 2026-01-01 to 2026-12-31. Of "
        "two, nobody knows which one is meant."
    )
    assert str(Purpose(None, "P-17", "bolts")) == "project P-17, category bolts"

"""How marks become a result, and what may be decided then."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.qualification.rules.answers import ANSWERS, Answer
from sourcing.qualification.rules.arithmetic import (
    KnockedOut,
    Reckoning,
    check_earned,
    check_marks_given,
    earned,
    knocked_out,
    reckon,
    to_mark,
)
from sourcing.qualification.rules.states import Decision
from sourcing.questionnaires.rules.questions import CONTENT, Content

EXAMPLE = Content.model_validate(CONTENT)
GIVEN = [Answer.model_validate(one) for one in ANSWERS]
NO_QMS = [Answer.model_validate({"question": "qms", "yes": False}), GIVEN[2]]
MARK = st.decimals("0", "100", places=1)
WEIGHTS = st.sampled_from([("100",), ("50", "50"), ("33.33", "33.33", "33.34"), ("0.01", "99.99")])


def weighted(sections: Sequence[str], questions: Sequence[str]) -> Content:
    return Content.model_validate(
        {
            "sections": [
                {
                    "code": f"s{place}",
                    "title": "S",
                    "weight": weight,
                    "questions": [
                        {"code": f"q{place}{number}", "text": "So?", "kind": "text", "weight": each}
                        for number, each in enumerate(questions)
                    ],
                }
                for place, weight in enumerate(sections)
            ]
        }
    )


def test_the_arithmetic_in_plain_numbers() -> None:
    marks = {
        "eva": {"standards": Decimal(80), "turnover": Decimal(60)},
        "emil": {"standards": Decimal(70), "turnover": Decimal(55)},
    }
    found = reckon(EXAMPLE, GIVEN, marks)
    assert [(one.question, one.counts, one.mean) for one in found.questions] == [
        ("standards", Decimal(60), Decimal("75.00")),
        ("turnover", Decimal(40), Decimal("57.50")),
    ]
    assert (found.counted, found.result, found.knocked_out) == (Decimal(100), Decimal("68.0"), ())
    without = reckon(EXAMPLE, NO_QMS, {"eva": {"turnover": Decimal(60)}})
    assert (without.counted, without.result) == (Decimal(40), Decimal("60.0"))
    assert without.knocked_out == (KnockedOut("qms", "answered no"),)


@given(WEIGHTS, WEIGHTS, st.integers(1, 4), st.data())
def test_the_result_is_the_weighted_mean(
    sections: Sequence[str], questions: Sequence[str], evaluators: int, data: st.DataObject
) -> None:
    content = weighted(sections, questions)
    codes = to_mark(content, [])
    marks = {f"e{n}": {code: data.draw(MARK) for code in codes} for n in range(evaluators)}
    found = reckon(content, [], marks)
    total = Fraction(0)
    for place, section in enumerate(sections):
        for number, weight in enumerate(questions):
            for given_marks in marks.values():
                share = Fraction(section) * Fraction(weight) / 10_000
                total += share * Fraction(given_marks[f"q{place}{number}"]) / evaluators
    assert found.result is not None
    assert abs(Fraction(found.result) - total) <= Fraction(1, 20)
    assert found.counted == 100
    of_all = [mark for given_marks in marks.values() for mark in given_marks.values()]
    assert min(of_all) - Decimal("0.05") <= found.result <= max(of_all) + Decimal("0.05")


@given(MARK)
def test_who_is_given_one_mark_by_all_has_it(mark: Decimal) -> None:
    content = weighted(("33.33", "33.33", "33.34"), ("50", "50"))
    marks = {by: dict.fromkeys(to_mark(content, []), mark) for by in ("eva", "emil", "ella")}
    assert reckon(content, [], marks).result == mark


def test_halves_are_rounded_up() -> None:
    content = weighted(("100",), ("50", "50"))
    marks = {"eva": {"q00": Decimal("70.0"), "q01": Decimal("70.1")}}
    assert reckon(content, [], marks).result == Decimal("70.1")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("99999.999999", "99999.999999 is below 100000"),
        ("100000", None),
        ("900000", None),
        ("900001", "above"),
    ],
)
def test_a_number_knocks_out_beyond_its_bounds(number: str, reason: str | None) -> None:
    question: dict[str, Any] = {
        "code": "turnover",
        "text": "What?",
        "kind": "number",
        "knock_out": {"below": "100000", "above": "900000"},
    }
    content = {"sections": [{"code": "s", "title": "S", "questions": [question]}]}
    answers = [Answer.model_validate({"question": "turnover", "number": number})]
    found = knocked_out(Content.model_validate(content), answers)
    assert [one.question for one in found] == ([] if reason is None else ["turnover"])
    assert reason is None or reason in found[0].reason


def test_what_is_not_asked_knocks_nobody_out() -> None:
    assert knocked_out(EXAMPLE, GIVEN[1:]) == ()


def test_exactly_what_has_a_weight_and_is_asked_is_marked() -> None:
    check_marks_given(EXAMPLE, GIVEN, ["turnover", "standards"])
    for marked, pointers in (
        (["standards"], ["/marks"]),
        (["standards", "turnover", "qms"], ["/marks/2/question"]),
        (["standards", "turnover", "turnover"], ["/marks/2/question"]),
    ):
        with pytest.raises(InvalidError) as error:
            check_marks_given(EXAMPLE, GIVEN, marked)
        assert [one.pointer for one in error.value.errors] == pointers
    with pytest.raises(InvalidError):
        check_marks_given(EXAMPLE, NO_QMS, ["turnover", "standards"])


@given(st.none() | MARK, st.none() | MARK, st.none() | MARK, st.booleans())
def test_no_decision_is_better_than_what_was_earned(
    result: Decimal | None, pass_mark: Decimal | None, conditional: Decimal | None, out: bool
) -> None:
    if pass_mark is None:
        conditional = None
    knocked = (KnockedOut("qms", "answered no"),) if out else ()
    reckoning = Reckoning(knocked, (), Decimal(100), result)
    may_be = earned(reckoning, pass_mark, conditional)
    assert Decision.REJECTED in may_be
    if out:
        assert may_be == {Decision.REJECTED}
    elif pass_mark is not None and result is not None:
        assert (Decision.QUALIFIED in may_be) is (result >= pass_mark)
        least = pass_mark if conditional is None else min(conditional, pass_mark)
        assert (Decision.CONDITIONALLY_QUALIFIED in may_be) is (result >= least)
    for decision in Decision:
        if decision in may_be:
            check_earned(decision, reckoning, pass_mark, conditional)
        else:
            with pytest.raises(InvalidError) as error:
                check_earned(decision, reckoning, pass_mark, conditional)
            assert error.value.extensions["allowed"] == sorted(may_be)
            assert ("knocks it out" in error.value.detail) is out

"""What a supplier answers, and what it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.qualification.rules.answers import ANSWERS, Answer, check_answers, check_complete, shown
from sourcing.questionnaires.rules.checks import check
from sourcing.questionnaires.rules.questions import CONTENT, Content

Json = dict[str, Any]
EXAMPLE = Content.model_validate(CONTENT)
OPTIONS = [{"code": code, "text": code.upper()} for code in ("a", "b", "c")]
COLUMNS = [
    {"code": "what", "text": "What", "mandatory": True},
    {"code": "many", "text": "How many", "kind": "number"},
    {"code": "since", "text": "Since when", "kind": "date"},
]
OF_EACH_KIND: dict[str, Json] = {
    "text": {},
    "number": {"at_least": "0", "at_most": "10", "unit": "KGM"},
    "date": {},
    "choice": {"options": OPTIONS},
    "several": {"options": OPTIONS},
    "yes_no": {},
    "file": {},
    "table": {"columns": COLUMNS},
}
RIGHT: dict[str, Json] = {
    "text": {"text": "none"},
    "number": {"number": "10"},
    "date": {"day": "2026-03-02"},
    "choice": {"chosen": ["b"]},
    "several": {"chosen": ["c", "a"]},
    "yes_no": {"yes": False},
    "file": {"file_id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f80"},
    "table": {
        "rows": [{"cells": [{"column": "what", "value": "presses"}, {"column": "many", "value": "3"}]}]
    },
}


def answers(*written: Json) -> list[Answer]:
    return [Answer.model_validate(one) for one in written]


def of_kind(kind: str) -> Content:
    asked = {"code": "q", "text": "What?", "kind": kind} | OF_EACH_KIND[kind]
    found = Content.model_validate({"sections": [{"code": "s", "title": "S", "questions": [asked]}]})
    check(found)
    return found


def refused(asked: Content, *written: Json) -> tuple[str, list[str]]:
    with pytest.raises(InvalidError) as error:
        check_answers(asked, answers(*written))
    return error.value.code, [one.pointer for one in error.value.errors]


def test_the_example_is_complete() -> None:
    check_answers(EXAMPLE, answers(*ANSWERS))
    check_complete(EXAMPLE, answers(*ANSWERS))


@pytest.mark.parametrize("kind", OF_EACH_KIND)
def test_a_question_is_answered_in_the_field_of_its_kind_alone(kind: str) -> None:
    check_answers(of_kind(kind), answers({"question": "q"} | RIGHT[kind]))
    for other, stated in RIGHT.items():
        [field] = stated
        if field not in RIGHT[kind]:
            assert refused(of_kind(kind), {"question": "q"} | stated) == (
                "answer_not_fitting",
                [f"/answers/0/{field}"],
            ), other
            both = {"question": "q"} | RIGHT[kind] | stated
            assert refused(of_kind(kind), both) == ("answer_not_fitting", [f"/answers/0/{field}"])


@pytest.mark.parametrize(
    ("kind", "wrong", "pointer"),
    [
        ("number", {"number": "-0.000001"}, "number"),
        ("number", {"number": "10.000001"}, "number"),
        ("choice", {"chosen": ["a", "b"]}, "chosen"),
        ("choice", {"chosen": ["d"]}, "chosen/0"),
        ("several", {"chosen": ["a", "a"]}, "chosen/1"),
        ("table", {"rows": [{"cells": [{"column": "many", "value": "3"}]}]}, "rows/0/cells"),
        ("table", {"rows": [{"cells": [{"column": "who", "value": "x"}]}]}, "rows/0/cells/0/column"),
    ],
)
def test_an_answer_is_within_its_bounds(kind: str, wrong: Json, pointer: str) -> None:
    code, pointers = refused(of_kind(kind), {"question": "q"} | wrong)
    assert (code, pointers[0]) == ("answer_not_fitting", f"/answers/0/{pointer}")


@pytest.mark.parametrize(
    ("column", "value"),
    [("many", "3,5"), ("many", "1e3"), ("many", "NaN"), ("since", "2.3.2026"), ("since", "20260302")],
)
def test_a_cell_is_of_its_columns_kind(column: str, value: str) -> None:
    cells = [{"column": "what", "value": "presses"}, {"column": column, "value": value}]
    wrong = ("answer_not_fitting", ["/answers/0/rows/0/cells/1/value"])
    assert refused(of_kind("table"), {"question": "q", "rows": [{"cells": cells}]}) == wrong


def test_a_row_says_a_column_once() -> None:
    cell = {"column": "what", "value": "presses"}
    twice = ("answer_not_fitting", ["/answers/0/rows/0/cells/1/column"])
    assert refused(of_kind("table"), {"question": "q", "rows": [{"cells": [cell, cell]}]}) == twice


def test_who_answers_what_nobody_asked_is_told_so() -> None:
    assert refused(EXAMPLE, {"question": "colour", "text": "red"}) == (
        "question_unknown",
        ["/answers/0/question"],
    )
    assert refused(EXAMPLE, ANSWERS[0], ANSWERS[0]) == ("question_answered_twice", ["/answers/1/question"])
    hidden = ({"question": "qms", "yes": False}, ANSWERS[1])
    assert refused(EXAMPLE, *hidden) == ("question_not_asked", ["/answers/1"])
    assert refused(EXAMPLE, ANSWERS[1]) == ("question_not_asked", ["/answers/0"])


def test_what_is_not_asked_need_not_be_answered() -> None:
    with pytest.raises(InvalidError) as error:
        check_complete(EXAMPLE, answers(ANSWERS[0]))
    assert (error.value.code, len(error.value.errors)) == ("answers_missing", 2)
    check_complete(EXAMPLE, answers({"question": "qms", "yes": False}, ANSWERS[2]))


@st.composite
def chains(draw: st.DrawFn) -> tuple[Content, list[Answer]]:
    """Yes-or-no questions, each asked always or when one before it was answered with yes; some answers."""
    questions: list[Json] = []
    for number in range(draw(st.integers(1, 7))):
        asked: Json = {"code": f"q{number}", "text": "So?", "kind": "yes_no"}
        if number and draw(st.booleans()):
            before = draw(st.integers(0, number - 1))
            asked["shown_when"] = {"question": f"q{before}", "answers": ["yes"]}
        questions.append(asked)
    content = {"sections": [{"code": "s", "title": "S", "questions": questions}]}
    given = [
        {"question": one["code"], "yes": draw(st.booleans())} for one in questions if draw(st.booleans())
    ]
    return Content.model_validate(content), answers(*given)


@given(chains())
def test_what_is_asked_follows_from_what_was_answered_before(chain: tuple[Content, list[Answer]]) -> None:
    content, given = chain
    check(content)
    asked = {question.code for question in shown(content, given)}
    said_yes = {answer.question for answer in given if answer.yes}
    for _, _, question in content.questions():
        when = question.shown_when
        expected = when is None or (when.question in asked and when.question in said_yes)
        assert (question.code in asked) is expected
    kept = [answer for answer in given if answer.question in asked]
    check_answers(content, kept)
    assert {question.code for question in shown(content, kept)} == asked

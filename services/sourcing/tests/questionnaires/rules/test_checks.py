"""Which questionnaires make sense."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError, InvalidError
from sourcing.questionnaires.rules.checks import check, check_marks
from sourcing.questionnaires.rules.questions import CONTENT, Content
from sourcing.questionnaires.rules.states import MOVES, EditionMove, EditionStatus, moved

Json = dict[str, Any]
OPTIONS = [{"code": "a", "text": "A"}, {"code": "b", "text": "B"}]


def question(code: str, kind: str = "text", **more: Any) -> Json:
    return {"code": code, "text": f"What of {code}?", "kind": kind} | more


def content(*questions: Json, weight: str | None = None) -> Content:
    section = {"code": "one", "title": "One", "questions": list(questions), "weight": weight}
    return Content.model_validate({"sections": [section]})


def refused(asked: Content) -> tuple[str, list[str]]:
    with pytest.raises(InvalidError) as error:
        check(asked)
    assert error.value.detail.endswith(".")
    return error.value.code, [one.pointer.removeprefix("/sections/0") for one in error.value.errors]


def _mark(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def test_the_example_makes_sense() -> None:
    check(Content.model_validate(CONTENT))


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (question("q", unit="EUR"), "/questions/0/unit"),
        (question("q", at_least="1"), "/questions/0/at_least"),
        (question("q", "yes_no", options=OPTIONS), "/questions/0/options"),
        (question("q", "number", columns=OPTIONS), "/questions/0/columns"),
        (question("q", "choice", options=OPTIONS[:1]), "/questions/0/options"),
        (question("q", "several"), "/questions/0/options"),
        (question("q", "table"), "/questions/0/columns"),
        (question("q", "number", at_least="2", at_most="1"), "/questions/0/at_most"),
        (question("q", "number", knock_out={"below": "2", "above": "1"}), "/questions/0/knock_out/above"),
        (question("q", "number", knock_out={"answers": ["a"]}), "/questions/0/knock_out/answers"),
        (question("q", "date", knock_out={"below": "1"}), "/questions/0/knock_out"),
        (question("q", "number", knock_out={}), "/questions/0/knock_out"),
        (question("q", "yes_no", knock_out={"answers": ["a"]}), "/questions/0/knock_out/answers/0"),
        (question("q", "yes_no", knock_out={"answers": ["no", "yes"]}), "/questions/0/knock_out/answers"),
    ],
)
def test_a_question_has_the_fields_of_its_kind(wrong: Json, pointer: str) -> None:
    assert refused(content(wrong)) == ("question_malformed", [pointer])


def test_each_code_stands_once() -> None:
    assert refused(content(question("q"), question("q"))) == ("codes_repeated", ["/questions/1/code"])
    twice = question("q", "choice", options=[OPTIONS[0], OPTIONS[0]])
    assert refused(content(twice)) == ("codes_repeated", ["/questions/0/options/1/code"])
    columns = question("q", "table", columns=[*OPTIONS, OPTIONS[1]])
    assert refused(content(columns)) == ("codes_repeated", ["/questions/0/columns/2/code"])


@given(st.integers(min_value=1, max_value=6))
def test_no_question_waits_for_its_own_answer(length: int) -> None:
    codes = [f"q{number}" for number in range(length)]
    circle = [
        question(code, "yes_no", shown_when={"question": codes[(at + 1) % length], "answers": ["yes"]})
        for at, code in enumerate(codes)
    ]
    code, pointers = refused(content(*circle))
    assert code == "questions_circular"
    assert pointers == [f"/questions/{at}/shown_when/question" for at in range(length)]


def test_a_question_waits_for_an_answer_to_one_before_it() -> None:
    def asked(**when: Any) -> Content:
        first, waiting = question("first", "yes_no"), question("second", shown_when=when)
        return content(first, waiting, question("third", "yes_no"))

    check(asked(question="first", answers=["yes"]))
    at = "/questions/1/shown_when"
    later = ("condition_unmet", [f"{at}/question"])
    assert refused(asked(question="third", answers=["yes"])) == later
    assert refused(asked(question="nobody", answers=["yes"])) == later
    assert refused(asked(question="first", answers=["yes", "maybe"])) == (
        "condition_unmet",
        [f"{at}/answers/1"],
    )
    of_text = content(question("a"), question("b", shown_when={"question": "a", "answers": ["x"]}))
    assert refused(of_text) == ("condition_unmet", ["/questions/1/shown_when/answers"])


@given(st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=6))
def test_weights_add_up_to_a_hundred(weights: list[Decimal]) -> None:
    questions = [question(f"q{at}", weight=str(weight)) for at, weight in enumerate(weights)]
    asked = content(*questions, weight="100")
    if sum(weights) == 100:
        check(asked)
    else:
        assert refused(asked) == ("weights_do_not_add_up", ["/questions"])


def test_who_is_marked_says_what_it_counts() -> None:
    assert refused(content(question("q", weight="100"))) == ("weights_do_not_add_up", ["/weight"])
    assert refused(content(question("q"), weight="100")) == ("weights_do_not_add_up", ["/weight"])
    code, pointers = refused(content(question("q", weight="100"), weight="99.99"))
    assert (code, pointers) == ("weights_do_not_add_up", ["/sections"])
    check(content(question("q"), question("r", weight="100"), weight="100"))


@pytest.mark.parametrize(
    ("passes", "conditionally", "pointer"),
    [(None, None, "/pass_mark"), ("50", "50.1", "/conditional_mark")],
)
def test_who_is_marked_qualifies_from_a_mark_on(
    passes: str | None, conditionally: str | None, pointer: str
) -> None:
    marked = content(question("q", weight="100"), weight="100")
    check_marks(marked, Decimal(50), Decimal(50))
    with pytest.raises(InvalidError) as error:
        check_marks(marked, _mark(passes), _mark(conditionally))
    assert [one.pointer for one in error.value.errors] == [pointer]


def test_without_weights_there_is_no_mark_to_pass_by() -> None:
    check_marks(content(question("q")), None, None)
    for marks, pointer in (((Decimal(1), None), "/pass_mark"), ((None, Decimal(1)), "/conditional_mark")):
        with pytest.raises(InvalidError) as error:
            check_marks(content(question("q")), *marks)
        assert [one.pointer for one in error.value.errors] == [pointer]


def test_what_is_published_never_changes() -> None:
    for move in EditionMove:
        if (EditionStatus.PUBLISHED, move) not in MOVES:
            with pytest.raises(ConflictError) as error:
                moved(EditionStatus.PUBLISHED, move)
            assert error.value.extensions == {"allowed": ["retire"]}
    assert moved(EditionStatus.PUBLISHED, EditionMove.RETIRE) is EditionStatus.RETIRED

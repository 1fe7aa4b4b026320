"""A condition is found never to hold only when it never does; the plain cases are found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from supplier_performance.kpis.rules.grammar import Condition
from supplier_performance.kpis.rules.never import never

from .plainly import CONDITIONS, FACTS, Fact, meets

READ: TypeAdapter[Condition] = TypeAdapter(Condition)
DUE: dict[str, Any] = {"condition": "is_true", "column": "due"}
NOT_DUE: dict[str, Any] = {"condition": "not", "of": DUE}


def late(by: str, than: str) -> dict[str, Any]:
    return {
        "condition": "compares",
        "left": {"operand": "column", "column": "days_late"},
        "by": by,
        "right": {"operand": "number", "number": than},
    }


def every(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"condition": "all", "conditions": list(conditions)}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(condition=CONDITIONS, facts=st.lists(FACTS, min_size=1, max_size=30))
def test_what_never_holds_holds_for_no_fact(condition: Condition, facts: list[Fact]) -> None:
    if any(meets(fact, condition) for fact in facts):
        assert not never(condition)


@pytest.mark.parametrize(
    "condition",
    [
        every(DUE, NOT_DUE),
        every(DUE, every(late("more", "0"), NOT_DUE)),
        every(late("more", "3"), late("less", "3")),
        every(late("at_least", "3"), late("less", "3")),
        every(late("more", "3"), late("equal", "3")),
        every(late("equal", "2"), late("equal", "3")),
        every(late("more", "0"), {"condition": "is_missing", "column": "days_late"}),
        every(
            {"condition": "is_one_of", "column": "category", "values": ["bolts"]},
            {"condition": "is_one_of", "column": "category", "values": ["nuts"]},
        ),
        {"condition": "any", "conditions": [every(DUE, NOT_DUE), every(NOT_DUE, DUE)]},
        {"condition": "not", "of": {"condition": "not", "of": every(DUE, NOT_DUE)}},
        late("more", "1") | {"right": {"operand": "column", "column": "days_late"}},
    ],
)
def test_what_contradicts_itself_is_found(condition: dict[str, Any]) -> None:
    assert never(READ.validate_python(condition))


@pytest.mark.parametrize(
    "condition",
    [
        DUE,
        every(late("at_least", "3"), late("at_most", "3")),
        every(late("more", "3"), late("less", "4")),
        {"condition": "any", "conditions": [every(DUE, NOT_DUE), DUE]},
        {"condition": "not", "of": every(DUE, NOT_DUE)},
        late("at_most", "1") | {"right": {"operand": "column", "column": "days_late"}},
    ],
)
def test_what_may_hold_is_not_refused(condition: dict[str, Any]) -> None:
    assert not never(READ.validate_python(condition))

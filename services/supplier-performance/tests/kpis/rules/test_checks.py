"""What makes no sense is refused where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from purveyor.errors import InvalidError
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis.rules.checks import check, named_by
from supplier_performance.kpis.rules.grammar import Definition, FigureUnit
from supplier_performance.kpis.rules.shipped import KPIS, SHIPPED
from supplier_performance.kpis.rules.stated import DEEPEST, MOST_PARTS, StatedDefinition

READ: TypeAdapter[Definition] = TypeAdapter(StatedDefinition)
DUE = {"condition": "is_true", "column": "due"}
COUNT_DUE = {"aggregate": "count", "where": DUE}
SPEND = {"aggregate": "sum", "column": "spend"}
MEAN_LATE = {"aggregate": "mean", "column": "days_late"}
SHARE: dict[str, Any] = {
    "of": "lines",
    "numerator": {"aggregate": "share", "that": {"condition": "is_true", "column": "on_time"}, "where": DUE},
    "unit": "percent",
    "scale": "100",
    "direction": "higher",
}


def column(name: str, **more: Any) -> dict[str, Any]:
    return {"operand": "column", "column": name, **more}


def number(value: str) -> dict[str, Any]:
    return {"operand": "number", "number": value}


def compares(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    return {"condition": "compares", "left": left, "by": "less", "right": right}


def where(condition: dict[str, Any]) -> dict[str, Any]:
    return {"numerator": {"aggregate": "count", "where": condition}, "unit": "count", "scale": "1"}


def over(numerator: dict[str, Any], denominator: dict[str, Any]) -> dict[str, Any]:
    return {"numerator": numerator, "denominator": denominator}


def in_currency(code: str) -> dict[str, Any]:
    return {"condition": "is_one_of", "column": "currency", "values": [code]}


NEVER = {"condition": "all", "conditions": [DUE, {"condition": "not", "of": DUE}]}
REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("fact_unknown", "/of", {"of": "wishes"}),
    (
        "fact_unknown",
        "/denominator_of",
        over(COUNT_DUE, {"aggregate": "count"}) | {"denominator_of": "wishes"},
    ),
    (
        "column_unknown",
        "/denominator/where/column",
        over(COUNT_DUE, COUNT_DUE) | {"denominator_of": "promises"},
    ),
    ("denominator_missing", "/denominator_of", {"denominator_of": "promises"}),
    ("denominator_missing", "/over_all_suppliers", {"over_all_suppliers": True}),
    (
        "quotient_of_quotients",
        "/denominator",
        over({"aggregate": "count"}, {"aggregate": "distinct", "column": "item"})
        | {"over_all_suppliers": True},
    ),
    (
        "column_unknown",
        "/numerator/among",
        {"numerator": {"aggregate": "concentration", "column": "spend", "among": "mood"}},
    ),
    (
        "types_unlike",
        "/numerator/column",
        {"numerator": {"aggregate": "concentration", "column": "item", "among": "supplier_id"}},
    ),
    ("units_mixed", "/unit", {"numerator": {"aggregate": "spread", "column": "lead_days"}}),
    ("column_unknown", "/numerator/where/column", where({"condition": "is_missing", "column": "mood"})),
    ("column_unknown", "/numerator/column", {"numerator": {"aggregate": "sum", "column": "mood"}}),
    ("column_unknown", "/numerator/column", {"numerator": {"aggregate": "distinct", "column": "mood"}}),
    (
        "column_unknown",
        "/numerator/where/right/plus",
        where(compares(column("need_by"), column("need_by", plus="x"))),
    ),
    ("types_unlike", "/numerator/column", {"numerator": {"aggregate": "mean", "column": "site"}}),
    ("types_unlike", "/numerator/where/column", where({"condition": "is_true", "column": "site"})),
    ("types_unlike", "/numerator/where/column", where(in_currency("EUR") | {"column": "due"})),
    ("types_unlike", "/numerator/where/right", where(compares(column("promised_on"), number("5")))),
    ("types_unlike", "/numerator/where/right", where(compares(column("promised_on"), column("site")))),
    ("types_unlike", "/numerator/where/left", where(compares(column("due"), column("on_time")))),
    ("types_unlike", "/numerator/where", where(compares(number("1"), number("2")))),
    (
        "types_unlike",
        "/numerator/where/left/plus_days",
        where(compares(column("days_late", plus_days=1), number("2"))),
    ),
    ("units_mixed", "/numerator/where/right", where(compares(column("spend"), column("days_late")))),
    ("units_mixed", "/numerator/where/right", where(compares(column("spend"), column("received")))),
    (
        "units_mixed",
        "/numerator/where/right/plus",
        where(compares(column("need_by"), column("need_by", plus="spend"))),
    ),
    ("units_mixed", "/numerator/where", where(compares(column("spend"), number("1000")))),
    ("units_mixed", "/denominator", over(SPEND, {"aggregate": "sum", "column": "received"})),
    ("units_mixed", "/denominator", over({"aggregate": "sum", "column": "days_late"}, COUNT_DUE)),
    (
        "units_mixed",
        "/denominator/where",
        over(SPEND | {"where": in_currency("EUR")}, SPEND | {"where": in_currency("USD")}),
    ),
    ("units_mixed", "/unit", {"unit": "days"}),
    ("units_mixed", "/unit", {"numerator": MEAN_LATE}),
    ("units_mixed", "/unit", {"numerator": MEAN_LATE, "unit": "count", "scale": "1"}),
    ("units_mixed", "/scale", {"scale": "10"}),
    ("units_mixed", "/scale", {"numerator": MEAN_LATE, "unit": "days"}),
    ("quotient_of_quotients", "/numerator", over(MEAN_LATE, COUNT_DUE)),
    ("quotient_of_quotients", "/denominator", over(COUNT_DUE, MEAN_LATE)),
    ("denominator_never", "/numerator/where", {"numerator": SHARE["numerator"] | {"where": NEVER}}),
    ("denominator_never", "/denominator/where", over(COUNT_DUE, {"aggregate": "count", "where": NEVER})),
    ("condition_never", "/numerator/where", over({"aggregate": "count", "where": NEVER}, COUNT_DUE)),
    (
        "column_unknown",
        "/exclusions/0/where/column",
        {"exclusions": [{"reason": "so", "where": {"condition": "is_missing", "column": "mood"}}]},
    ),
]


@pytest.mark.parametrize(("code", "pointer", "change"), REFUSED)
def test_what_makes_no_sense_is_refused_where_it_is_wrong(
    code: str, pointer: str, change: dict[str, Any]
) -> None:
    with pytest.raises(InvalidError) as refused:
        check(READ.validate_python(SHARE | change), KINDS)
    assert (refused.value.code, [one.pointer for one in refused.value.errors]) == (
        code,
        [f"/definition{pointer}"],
    )


@pytest.mark.parametrize(
    "change",
    [
        {},
        where(
            {
                "condition": "all",
                "conditions": [in_currency("EUR"), compares(column("spend"), number("1000"))],
            }
        ),
        where(compares(column("spend"), number("0"))),
        where(compares(column("arrived_on"), column("promised_on", plus_days=7, plus="grace_days"))),
        over(SPEND | {"where": in_currency("EUR")}, SPEND),
        {"numerator": MEAN_LATE, "unit": "days", "scale": "1"},
        {"numerator": COUNT_DUE, "denominator": {"aggregate": "count"}, "unit": "ratio", "scale": "7"},
    ],
)
def test_what_makes_sense_is_let_through(change: dict[str, Any]) -> None:
    check(READ.validate_python(SHARE | change), KINDS)


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = DUE
    for _ in range(depth):
        condition = {"condition": "not", "of": condition}
    return SHARE | where(condition)


@pytest.mark.parametrize("depth", [DEEPEST, 1000])
def test_what_is_nested_too_deep_is_refused_before_it_is_read(depth: int) -> None:
    with pytest.raises(ValidationError, match="is nested more than"):
        READ.validate_python(nested(depth))
    READ.validate_python(nested(DEEPEST - 5))


def test_what_is_too_long_is_refused() -> None:
    conditions = [in_currency("EUR") | {"values": [f"{one}" for one in range(99)]} for _ in range(9)]
    with pytest.raises(ValidationError, match=f"says more than {MOST_PARTS} things"):
        READ.validate_python(SHARE | where({"condition": "any", "conditions": conditions}))


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.code)
def test_what_comes_with_the_service_passes_the_checks_of_what_anybody_writes(kpi: Any) -> None:
    check(READ.validate_python(kpi.definition.model_dump(mode="json")), KINDS)
    assert SHIPPED[kpi.code] is kpi


def test_money_is_told_apart_by_currency_and_quantities_by_unit() -> None:
    found = {
        code: named_by(SHIPPED[code].definition, KINDS["lines"])
        for code in ("spend", "rejected-ppm", "on-time")
    }
    assert found == {"spend": ("currency",), "rejected-ppm": ("unit",), "on-time": ()}
    assert {kpi.definition.unit for kpi in KPIS} >= {FigureUnit.PERCENT, FigureUnit.PPM, FigureUnit.DAYS}

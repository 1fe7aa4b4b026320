"""Which templates make sense, and where one that does not is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from purveyor.errors import InvalidError
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.templates.rules.checks import check
from supplier_performance.templates.rules.template import Consequence, Template

LINEAR: dict[str, Any] = {"how": "linear", "floor": "70", "target": "98"}
FALLING: dict[str, Any] = {"how": "linear", "floor": "30", "target": "0"}
ON_TIME: dict[str, Any] = {"kpi": "on-time", "weight": "60", "worth": LINEAR}
DAYS_LATE: dict[str, Any] = {"kpi": "days-late", "weight": "40", "worth": FALLING}
STATED: dict[str, Any] = {"title": "Fasteners", "category": "fasteners", "kpis": [ON_TIME, DAYS_LATE]}


def grades(*bounds: tuple[str, str], hysteresis: str = "0") -> dict[str, Any]:
    stated = [{"grade": grade, "lowest": lowest} for grade, lowest in bounds]
    return STATED | {"grades": stated, "hysteresis": hysteresis}


def worth(**stated: Any) -> dict[str, Any]:
    return STATED | {"kpis": [ON_TIME | {"worth": stated}, DAYS_LATE]}


def steps(*points: tuple[str, str]) -> dict[str, Any]:
    return worth(how="steps", steps=[{"figure": figure, "points": of} for figure, of in points])


def read(stated: dict[str, Any]) -> Template:
    template = Template.model_validate(stated)
    check(template, SHIPPED, {"in-full"}, ["fasteners", "bolts"])
    return template


@pytest.mark.parametrize(
    "stated",
    [
        STATED,
        grades(("A", "98"), ("E", "0"), hysteresis="2"),
        steps(("80", "50"), ("95", "100")),
        worth(how="tolerance", target="95", tolerance="2", limit="10"),
        STATED | {"periods": [{"days": 90, "weight": "60"}, {"days": 275, "weight": "40"}]},
        STATED | {"kpis": [ON_TIME], "questions": [{"code": "q", "text": "Well?", "weight": "40"}]},
    ],
)
def test_a_template_that_makes_sense_is_taken(stated: dict[str, Any]) -> None:
    read(stated)


@pytest.mark.parametrize(
    ("stated", "code", "pointer"),
    [
        (STATED | {"category": "wishes"}, "category_unknown", "/category"),
        (STATED | {"category": None}, "category_unknown", "/category"),
        (STATED | {"kpis": [ON_TIME, DAYS_LATE | {"weight": "39"}]}, "weights_off", "/kpis"),
        (STATED | {"questions": [{"code": "q", "text": "Well?", "weight": "1"}]}, "weights_off", "/kpis"),
        (STATED | {"kpis": [ON_TIME, DAYS_LATE | {"kpi": "mood"}]}, "kpi_unknown", "/kpis/1/kpi"),
        (STATED | {"kpis": [ON_TIME, DAYS_LATE | {"kpi": "in-full"}]}, "kpi_ours", "/kpis/1/kpi"),
        (STATED | {"kpis": [ON_TIME, DAYS_LATE | {"kpi": "spend"}]}, "kpi_not_comparable", "/kpis/1/kpi"),
        (STATED | {"kpis": [ON_TIME, ON_TIME | {"weight": "40"}]}, "stated_twice", "/kpis/1/kpi"),
        (worth(how="linear", floor="70"), "points_unclear", "/kpis/0/worth/target"),
        (worth(**LINEAR, limit="5"), "points_unclear", "/kpis/0/worth/limit"),
        (worth(how="linear", floor="98", target="70"), "points_reversed", "/kpis/0/worth/target"),
        (worth(how="linear", floor="98", target="98"), "points_reversed", "/kpis/0/worth/target"),
        (
            worth(how="tolerance", target="95", tolerance="5", limit="4"),
            "points_reversed",
            "/kpis/0/worth/limit",
        ),
        (steps(("95", "50"), ("80", "100")), "points_reversed", "/kpis/0/worth/steps/1/figure"),
        (steps(("80", "50"), ("80", "60")), "points_reversed", "/kpis/0/worth/steps/1/figure"),
        (steps(("80", "50"), ("95", "50")), "points_reversed", "/kpis/0/worth/steps/1/points"),
        (STATED | {"periods": [{"days": 90, "weight": "99"}]}, "weights_off", "/periods"),
        (
            STATED | {"periods": [{"days": 3660, "weight": "50"}, {"days": 1, "weight": "50"}]},
            "periods_too_long",
            "/periods",
        ),
        (grades(("B", "50"), ("A", "0")), "grades_disordered", "/grades/1/grade"),
        (grades(("A", "50"), ("B", "50")), "grades_disordered", "/grades/1/lowest"),
        (grades(("A", "50"), ("B", "10")), "grades_disordered", "/grades/1/lowest"),
        (
            grades(("A", "90"), ("B", "2"), ("C", "0"), hysteresis="2"),
            "hysteresis_too_wide",
            "/grades/1/lowest",
        ),
        (grades(("A", "99"), ("B", "0"), hysteresis="2"), "hysteresis_too_wide", "/grades/0/lowest"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused_where_it_is_wrong(
    stated: dict[str, Any], code: str, pointer: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        read(stated)
    assert (refused.value.code, [one.pointer for one in refused.value.errors]) == (code, [pointer])


def test_a_poor_supplier_warns_unless_it_is_stated_otherwise() -> None:
    """erpnext#36269: who is poor was let pass unless somebody had thought of saying so."""
    template = read(STATED)
    assert template.consequence("E") is Consequence.WARN
    assert {template.consequence(grade) for grade in ("A", "B", "C", "D", None)} == {Consequence.NONE}
    bounds = [{"grade": "A", "lowest": "50"}, {"grade": "D", "lowest": "0", "consequence": "no_new_orders"}]
    assert read(STATED | {"grades": bounds}).consequence("D") is Consequence.NO_NEW_ORDERS

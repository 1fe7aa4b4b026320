"""The KPIs that come with the service: version 0 of each, in force until somebody activates another.

They are definitions like those that anybody writes; `docs/kpis/` has a page of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import Kpi

Json = dict[str, Any]

SCOR = "SCOR DS (ASCM)"
ISO_9001 = "ISO 9001:2015, 9.1.3 f"
IATF = "IATF 16949, 8.4.2.4"
PERCENT: Json = {"unit": "percent", "scale": "100", "decimals": 2, "direction": "higher"}
DUE: Json = {"condition": "is_true", "column": "due"}
ARRIVED: Json = {"condition": "not", "of": {"condition": "is_missing", "column": "arrived_on"}}
IN_FULL: Json = {"condition": "is_true", "column": "in_full"}


def _all(*conditions: Json) -> Json:
    return {"condition": "all", "conditions": list(conditions)}


def _compares(left: Json, by: str, right: Json) -> Json:
    return {"condition": "compares", "left": left, "by": by, "right": right}


def _column(name: str, **more: Any) -> Json:
    return {"operand": "column", "column": name, **more}


def _missing(name: str) -> Json:
    return {"condition": "is_missing", "column": name}


def _number(value: str) -> Json:
    return {"operand": "number", "number": value}


def _against(promise: str, *conditions: Json) -> Json:
    """Return the share of due lines that arrived by a promise and its grace, as `due` and `on_time` are."""
    last_day = _column(promise, plus="grace_days")
    over = _compares(last_day, "less", _column("open_until"))
    return PERCENT | {
        "of": "lines",
        "numerator": {
            "aggregate": "count",
            "where": _all(_compares(_column("arrived_on"), "at_most", last_day), *conditions),
        },
        "denominator": {
            "aggregate": "count",
            "where": {"condition": "any", "conditions": [ARRIVED, over]},
        },
    }


NOT_PROMISED: Json = {"reason": "The supplier promised no day", "where": _missing("first_promised_on")}
MOVED_BY_BUYER: Json = {
    "reason": "The buyer moved the day",
    "where": _compares(_column("buyer_moves"), "more", _number("0")),
}
FOR_BUYER: Json = {"exclusions": [NOT_PROMISED, MOVED_BY_BUYER]}
TOLD_AFTERWARDS: Json = {
    "reason": "Told of afterwards, as by an import: nobody waited for an answer",
    "where": _compares(_column("known_on"), "more", _column("asked_on", plus_days=1)),
}


def _of_due(column: str) -> Json:
    where = _all(DUE, {"condition": "is_true", "column": column})
    return PERCENT | {
        "of": "lines",
        "numerator": {"aggregate": "count", "where": where},
        "denominator": {"aggregate": "count", "where": DUE},
    }


def _days(numerator: Json, of: str = "lines", decimals: int = 2) -> Json:
    return {"of": of, "numerator": numerator, "unit": "days", "direction": "lower", "decimals": decimals}


def _kpi(code: str, title: str, formula: str, standard: str | None, definition: Json) -> Kpi:
    return Kpi(code, 0, title, formula, standard, Definition.model_validate(definition))


LEAD = {"column": "lead_days", "where": ARRIVED}
LATE = {"column": "days_late", "where": DUE}

KPIS = (
    _kpi(
        "on-time",
        "On time",
        "Lines that had arrived by the day that counts and its grace ÷ lines due × 100",
        ISO_9001,
        _of_due("on_time"),
    ),
    _kpi(
        "in-full",
        "In full",
        "Lines of which all that was ordered was accepted ÷ lines due × 100",
        f"{SCOR}, RL.2.1",
        _of_due("in_full"),
    ),
    _kpi(
        "on-time-in-full",
        "On time in full",
        "Lines both on time and in full ÷ lines due × 100",
        "The field's OTIF; SCOR DS asks it of whole orders",
        _of_due("on_time_in_full"),
    ),
    _kpi(
        "on-time-first-promise",
        "On time against the first promise",
        "Lines that had arrived by the first promise and its grace ÷ lines that had, or whose such day was "
        "over × 100",
        f"{SCOR}, RL.2.2",
        _against("first_promised_on") | FOR_BUYER,
    ),
    _kpi(
        "on-time-last-promise",
        "On time against the last promise",
        "Lines that had arrived by what is promised now and its grace ÷ lines that had, or whose such day "
        "was over × 100",
        None,
        _against("last_promised_on") | {"exclusions": [NOT_PROMISED]},
    ),
    _kpi(
        "on-time-in-full-first-promise",
        "On time in full against the first promise",
        "Lines in full that had arrived by the first promise and its grace ÷ lines that had arrived, or "
        "whose such day was over × 100",
        None,
        _against("first_promised_on", IN_FULL) | FOR_BUYER,
    ),
    _kpi(
        "on-time-in-full-last-promise",
        "On time in full against the last promise",
        "Lines in full that had arrived by what is promised now and its grace ÷ lines that had arrived, or "
        "whose such day was over × 100",
        None,
        _against("last_promised_on", IN_FULL) | {"exclusions": [NOT_PROMISED]},
    ),
    _kpi(
        "lines-late",
        "Lines late",
        "Lines due that were not on time",
        None,
        {
            "of": "lines",
            "numerator": {
                "aggregate": "count",
                "where": _all(DUE, {"condition": "not", "of": {"condition": "is_true", "column": "on_time"}}),
            },
            "unit": "count",
            "direction": "lower",
        },
    ),
    _kpi(
        "days-late",
        "Days late",
        "Mean of the days from the promised one until all had arrived, of lines due; early is below zero",
        None,
        _days({"aggregate": "mean"} | LATE),
    ),
    _kpi(
        "days-late-p90",
        "Days late, of nine in ten",
        "So many days late, or fewer, were nine of ten lines due (percentile_disc)",
        None,
        _days({"aggregate": "percentile", "fraction": "0.9"} | LATE, decimals=0),
    ),
    _kpi(
        "lead-time",
        "Lead time",
        "Mean of the days from the order until all had arrived, of lines that had",
        f"{SCOR}, RS.2.1",
        _days({"aggregate": "mean"} | LEAD),
    ),
    _kpi(
        "lead-time-p50",
        "Lead time, of every other",
        "So many days, or fewer, took every other line that had arrived (percentile_disc)",
        None,
        _days({"aggregate": "percentile", "fraction": "0.5"} | LEAD, decimals=0),
    ),
    _kpi(
        "lead-time-p90",
        "Lead time, of nine in ten",
        "So many days, or fewer, took nine of ten lines that had arrived (percentile_disc)",
        None,
        _days({"aggregate": "percentile", "fraction": "0.9"} | LEAD, decimals=0),
    ),
    _kpi(
        "promise-stability",
        "Promise stability",
        "Lines due whose promise the supplier never moved ÷ lines due that it promised × 100",
        None,
        PERCENT
        | {
            "of": "lines",
            "numerator": {
                "aggregate": "share",
                "that": _compares(_column("supplier_moves"), "equal", _number("0")),
                "where": DUE,
            },
            "exclusions": [NOT_PROMISED],
        },
    ),
    _kpi(
        "answer-time",
        "Answer time",
        "Mean of the days from the issue of a version until its first answer, of versions answered",
        None,
        _days(
            {
                "aggregate": "mean",
                "column": "answer_days",
                "where": {"condition": "is_true", "column": "answered"},
            },
            "answers",
        )
        | {"exclusions": [TOLD_AFTERWARDS]},
    ),
    _kpi(
        "answer-rate",
        "Answer rate",
        "Versions answered ÷ versions sent × 100",
        None,
        PERCENT
        | {
            "of": "answers",
            "numerator": {"aggregate": "share", "that": {"condition": "is_true", "column": "answered"}},
            "exclusions": [TOLD_AFTERWARDS],
        },
    ),
    _kpi(
        "rejected-ppm",
        "Rejected parts a million",
        "Rejected ÷ received × 1,000,000, of each unit of measure",
        IATF,
        {
            "of": "lines",
            "numerator": {"aggregate": "sum", "column": "rejected"},
            "denominator": {"aggregate": "sum", "column": "received"},
            "unit": "ppm",
            "scale": "1000000",
            "direction": "lower",
            "decimals": 0,
        },
    ),
    _kpi(
        "spend",
        "Spend",
        "What was accepted is worth, by currency",
        None,
        {
            "of": "lines",
            "numerator": {"aggregate": "sum", "column": "spend"},
            "unit": "money",
            "direction": "higher",
        },
    ),
)
SHIPPED: Mapping[str, Kpi] = {kpi.code: kpi for kpi in KPIS}

"""The KPIs that come with the service: version 0 of each, in force until somebody activates another.

They are definitions like those that anybody writes; `docs/kpis/` has a page of each.
"""

from __future__ import annotations

from collections.abc import Mapping

from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.kpis.rules.of_orders import OF_ORDERS
from supplier_performance.kpis.rules.of_suppliers import OF_SUPPLIERS
from supplier_performance.kpis.rules.saying import (
    ARRIVED,
    DUE,
    IATF,
    IN_FULL,
    ISO_9001,
    PERCENT,
    SCOR,
    Json,
    all_hold,
    column,
    compares,
    days,
    kpi,
    missing,
    number,
)


def _against(promise: str, *conditions: Json) -> Json:
    """Return the share of due lines that arrived by a promise and its grace, as `due` and `on_time` are."""
    last_day = column(promise, plus="grace_days")
    over = compares(last_day, "less", column("open_until"))
    return PERCENT | {
        "of": "lines",
        "numerator": {
            "aggregate": "count",
            "where": all_hold(compares(column("arrived_on"), "at_most", last_day), *conditions),
        },
        "denominator": {
            "aggregate": "count",
            "where": {"condition": "any", "conditions": [ARRIVED, over]},
        },
    }


NOT_PROMISED: Json = {"reason": "The supplier promised no day", "where": missing("first_promised_on")}
MOVED_BY_BUYER: Json = {
    "reason": "The buyer moved the day",
    "where": compares(column("buyer_moves"), "more", number("0")),
}
FOR_BUYER: Json = {"exclusions": [NOT_PROMISED, MOVED_BY_BUYER]}
TOLD_AFTERWARDS: Json = {
    "reason": "Told of afterwards, as by an import: nobody waited for an answer",
    "where": compares(column("known_on"), "more", column("asked_on", plus_days=1)),
}


def _of_due(column: str) -> Json:
    where = all_hold(DUE, {"condition": "is_true", "column": column})
    return PERCENT | {
        "of": "lines",
        "numerator": {"aggregate": "count", "where": where},
        "denominator": {"aggregate": "count", "where": DUE},
    }


LEAD = {"column": "lead_days", "where": ARRIVED}
LATE = {"column": "days_late", "where": DUE}

OF_LINES = (
    kpi(
        "on-time",
        "On time",
        "Lines that had arrived by the day that counts and its grace ÷ lines due × 100",
        ISO_9001,
        _of_due("on_time"),
    ),
    kpi(
        "in-full",
        "In full",
        "Lines of which all that was ordered was accepted ÷ lines due × 100",
        f"{SCOR}, RL.2.1",
        _of_due("in_full"),
    ),
    kpi(
        "on-time-in-full",
        "On time in full",
        "Lines both on time and in full ÷ lines due × 100",
        "The field's OTIF; SCOR DS asks it of whole orders",
        _of_due("on_time_in_full"),
    ),
    kpi(
        "on-time-first-promise",
        "On time against the first promise",
        "Lines that had arrived by the first promise and its grace ÷ lines that had, or whose such day was "
        "over × 100",
        f"{SCOR}, RL.2.2",
        _against("first_promised_on") | FOR_BUYER,
    ),
    kpi(
        "on-time-last-promise",
        "On time against the last promise",
        "Lines that had arrived by what is promised now and its grace ÷ lines that had, or whose such day "
        "was over × 100",
        None,
        _against("last_promised_on") | {"exclusions": [NOT_PROMISED]},
    ),
    kpi(
        "on-time-in-full-first-promise",
        "On time in full against the first promise",
        "Lines in full that had arrived by the first promise and its grace ÷ lines that had arrived, or "
        "whose such day was over × 100",
        None,
        _against("first_promised_on", IN_FULL) | FOR_BUYER,
    ),
    kpi(
        "on-time-in-full-last-promise",
        "On time in full against the last promise",
        "Lines in full that had arrived by what is promised now and its grace ÷ lines that had arrived, or "
        "whose such day was over × 100",
        None,
        _against("last_promised_on", IN_FULL) | {"exclusions": [NOT_PROMISED]},
    ),
    kpi(
        "lines-late",
        "Lines late",
        "Lines due that were not on time",
        None,
        {
            "of": "lines",
            "numerator": {
                "aggregate": "count",
                "where": all_hold(
                    DUE, {"condition": "not", "of": {"condition": "is_true", "column": "on_time"}}
                ),
            },
            "unit": "count",
            "direction": "lower",
        },
    ),
    kpi(
        "days-late",
        "Days late",
        "Mean of the days from the promised one until all had arrived, of lines due; early is below zero",
        None,
        days({"aggregate": "mean"} | LATE),
    ),
    kpi(
        "days-late-p90",
        "Days late, of nine in ten",
        "So many days late, or fewer, were nine of ten lines due (percentile_disc)",
        None,
        days({"aggregate": "percentile", "fraction": "0.9"} | LATE, decimals=0),
    ),
    kpi(
        "lead-time",
        "Lead time",
        "Mean of the days from the order until all had arrived, of lines that had",
        f"{SCOR}, RS.2.1",
        days({"aggregate": "mean"} | LEAD),
    ),
    kpi(
        "lead-time-p50",
        "Lead time, of every other",
        "So many days, or fewer, took every other line that had arrived (percentile_disc)",
        None,
        days({"aggregate": "percentile", "fraction": "0.5"} | LEAD, decimals=0),
    ),
    kpi(
        "lead-time-p90",
        "Lead time, of nine in ten",
        "So many days, or fewer, took nine of ten lines that had arrived (percentile_disc)",
        None,
        days({"aggregate": "percentile", "fraction": "0.9"} | LEAD, decimals=0),
    ),
    kpi(
        "lead-time-spread",
        "Spread of lead times",
        "Days between what one in ten lines that had arrived took at most, and nine in ten (percentile_disc)",
        None,
        days({"aggregate": "spread", "lower": "0.1", "upper": "0.9"} | LEAD, decimals=0),
    ),
    kpi(
        "promise-moves",
        "Moves of promises",
        "How often the supplier moved a promise ÷ lines due",
        None,
        {
            "of": "promises",
            "numerator": {
                "aggregate": "count",
                "where": {"condition": "is_one_of", "column": "moved_by", "values": ["supplier"]},
            },
            "denominator_of": "lines",
            "denominator": {"aggregate": "count", "where": DUE},
            "unit": "ratio",
            "direction": "lower",
            "decimals": 2,
        },
    ),
    kpi(
        "promise-stability",
        "Promise stability",
        "Lines due whose promise the supplier never moved ÷ lines due that it promised × 100",
        None,
        PERCENT
        | {
            "of": "lines",
            "numerator": {
                "aggregate": "share",
                "that": compares(column("supplier_moves"), "equal", number("0")),
                "where": DUE,
            },
            "exclusions": [NOT_PROMISED],
        },
    ),
    kpi(
        "answer-time",
        "Answer time",
        "Mean of the days from the issue of a version until its first answer, of versions answered",
        None,
        days(
            {
                "aggregate": "mean",
                "column": "answer_days",
                "where": {"condition": "is_true", "column": "answered"},
            },
            "answers",
        )
        | {"exclusions": [TOLD_AFTERWARDS]},
    ),
    kpi(
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
    kpi(
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
    kpi(
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
KPIS = (*OF_LINES, *OF_ORDERS, *OF_SUPPLIERS)
SHIPPED: Mapping[str, Kpi] = {kpi.code: kpi for kpi in KPIS}

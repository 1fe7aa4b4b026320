"""KPIs of orders, their prices, what was announced of them, and what of them was replaced."""

from __future__ import annotations

from supplier_performance.kpis.rules.saying import DUE, IATF, PERCENT, SCOR, kpi

OF_ORDERS = (
    kpi(
        "perfect-order",
        "Perfect order",
        "Orders that are on time, in full, undamaged and documented, all of their lines ÷ orders due × 100",
        f"{SCOR}, RL.1.1",
        PERCENT
        | {
            "of": "orders",
            "numerator": {
                "aggregate": "share",
                "that": {"condition": "is_true", "column": "perfect"},
                "where": DUE,
            },
        },
    ),
    kpi(
        "shipment-notice-accuracy",
        "Accuracy of shipment notices",
        "Lines of despatch advices that came as announced: in time, in that quantity, by that day ÷ lines of "
        "advices due × 100",
        f"{SCOR}, RL.2.3, of despatch advices",
        PERCENT
        | {
            "of": "shipments",
            "numerator": {
                "aggregate": "share",
                "that": {"condition": "is_true", "column": "as_announced"},
                "where": DUE,
            },
        },
    ),
    kpi(
        "replacement-rate",
        "Replacement rate",
        "Rejected and owed again ÷ received × 100, of each unit of measure",
        IATF,
        {
            "of": "receipts",
            "numerator": {"aggregate": "sum", "column": "to_replace"},
            "denominator": {"aggregate": "sum", "column": "received"},
        }
        | PERCENT
        | {"direction": "lower"},
    ),
    kpi(
        "price-variance",
        "Price variance",
        "What lines cost more than the prices that their first versions froze ÷ those × 100, by currency",
        None,
        {
            "of": "prices",
            "numerator": {"aggregate": "sum", "column": "variance"},
            "denominator": {"aggregate": "sum", "column": "frozen_value"},
        }
        | PERCENT
        | {"direction": "lower"},
    ),
)

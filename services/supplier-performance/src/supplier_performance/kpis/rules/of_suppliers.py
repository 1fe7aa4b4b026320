"""KPIs of what suppliers are: whether their papers hold, and how much depends on whom."""

from __future__ import annotations

from supplier_performance.kpis.rules.saying import ISO_9001, PERCENT, kpi

OF_SUPPLIERS = (
    kpi(
        "document-validity",
        "Validity of documents",
        "Documents that held ÷ types of document that the supplier ever had × 100, at the end of each month",
        ISO_9001.replace("9.1.3 f", "8.4.1"),
        PERCENT
        | {
            "of": "documents",
            "numerator": {"aggregate": "share", "that": {"condition": "is_true", "column": "valid"}},
        },
    ),
    kpi(
        "qualification-validity",
        "Validity of qualifications",
        "Qualifications that held ÷ those that were ever decided × 100, at the end of each month",
        ISO_9001.replace("9.1.3 f", "8.4.1"),
        PERCENT
        | {
            "of": "qualifications",
            "numerator": {"aggregate": "share", "that": {"condition": "is_true", "column": "qualified"}},
        },
    ),
    kpi(
        "qualification-result",
        "Result of qualifications",
        "Mean of the weighted means of the marks, of 100, at the end of each month",
        ISO_9001.replace("9.1.3 f", "8.4.1"),
        {
            "of": "qualifications",
            "numerator": {
                "aggregate": "mean",
                "column": "result",
                "where": {"condition": "is_true", "column": "qualified"},
            },
            "unit": "points",
            "direction": "higher",
            "decimals": 2,
        },
    ),
    kpi(
        "dependency",
        "Dependency",
        "What was accepted of the supplier is worth ÷ that of all suppliers × 100, by currency",
        None,
        {
            "of": "lines",
            "numerator": {"aggregate": "sum", "column": "spend"},
            "denominator": {"aggregate": "sum", "column": "spend"},
            "over_all_suppliers": True,
        }
        | PERCENT
        | {"direction": "lower"},
    ),
    kpi(
        "concentration",
        "Concentration",
        "Sum of the squares of the suppliers' shares of spend × 10,000, by currency: that with one alone",
        "Herfindahl-Hirschman index (US Merger Guidelines 2023, 2.1)",
        {
            "of": "lines",
            "numerator": {"aggregate": "concentration", "column": "spend", "among": "supplier_id"},
            "unit": "ratio",
            "scale": "10000",
            "direction": "lower",
            "decimals": 0,
        },
    ),
)

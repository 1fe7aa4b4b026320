"""How the KPIs that come with the service are said: parts of definitions as JSON."""

from __future__ import annotations

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


def all_hold(*conditions: Json) -> Json:
    """Return the condition that all of these are."""
    return {"condition": "all", "conditions": list(conditions)}


def compares(left: Json, by: str, right: Json) -> Json:
    """Return a comparison."""
    return {"condition": "compares", "left": left, "by": by, "right": right}


def column(name: str, **more: Any) -> Json:
    """Return a column as a side of a comparison."""
    return {"operand": "column", "column": name, **more}


def missing(name: str) -> Json:
    """Return the condition that a column is missing."""
    return {"condition": "is_missing", "column": name}


def number(value: str) -> Json:
    """Return a number as a side of a comparison."""
    return {"operand": "number", "number": value}


def days(numerator: Json, of: str = "lines", decimals: int = 2) -> Json:
    """Return a definition of a figure in days, of which fewer are better."""
    return {"of": of, "numerator": numerator, "unit": "days", "direction": "lower", "decimals": decimals}


def kpi(code: str, title: str, formula: str, standard: str | None, definition: Json) -> Kpi:
    """Return version 0 of a KPI."""
    return Kpi(code, 0, title, formula, standard, Definition.model_validate(definition))

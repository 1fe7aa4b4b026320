"""The figures of promises and outcomes, by supplier, category and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from purveyor.db import Transaction
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.queries import Asked
from supplier_performance.kpis.rules.kpi import By, Kpi, begins, named
from supplier_performance.shared_metrics.rules import PAIRS, Figures, Known, Period, Place


async def known(tx: Transaction, asked: Asked) -> Known:
    """Return of each KPI of a pair its figures; of kinds without categories they are of no category."""
    codes = dict.fromkeys(code for pair in PAIRS for code in (pair.promised, pair.outcome))
    figures, whole = {}, set()
    for code in codes:
        kpi = await kpis.kpi_in_force(tx, code)
        of = asked
        if any("category" not in kind.by_name for kind in kpis.kinds_of(kpi)):
            whole.add(code)
            of = replace(asked, scope=replace(asked.scope, category=None))
        figures[code] = await _figures(tx, kpi, of)
    return Known(figures, frozenset(whole), asked.question.as_of)


def periods(asked: Asked, by: By) -> Mapping[str, Period]:
    """Return the periods of a window by their names, cut to it."""
    window = asked.question.window
    found, first = {}, begins(window.first, by)
    while first <= window.last:
        after = begins(first, by, -1)
        name = named(first, by)
        last = min(window.last, after - timedelta(days=1))
        found[name] = Period(name, max(first, window.first), last)
        first = after
    return found


async def _figures(tx: Transaction, kpi: Kpi, asked: Asked) -> Figures:
    found = {}
    for one in await kpis.figures_of_suppliers(tx, kpi, replace(asked, each_category=True)):
        category, _, period = one.key.rpartition("/")
        found[Place(period, one.supplier_id, category)] = one.value
    return found

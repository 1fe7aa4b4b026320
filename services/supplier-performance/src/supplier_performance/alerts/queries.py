"""The series that rules are judged by, how a rule would have done, and the policy of who is at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.policies import Policy
from supplier_performance.alerts import store
from supplier_performance.alerts.model import AlertRuleVersion
from supplier_performance.alerts.rules.grammar import MOST, WatchRule
from supplier_performance.alerts.rules.judging import Point
from supplier_performance.alerts.rules.moves import AtRisk, RuleStatus
from supplier_performance.alerts.rules.trial import Of, Tried, try_over
from supplier_performance.deliveries.rules import Question, Window
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.queries import Asked
from supplier_performance.kpis.rules.kpi import By, Kpi, Scope, begins, named

AT_RISK = Policy("supplier-at-risk", AtRisk, "How many alerts make a supplier one that is at risk")


def ended(by: By, before: date) -> Window:
    """Return the last period that was over when a day began."""
    first = begins(before, by)
    return Window(begins(first, by, 1), first - timedelta(days=1))


async def written(tx: Transaction, code: str) -> Sequence[AlertRuleVersion]:
    """Return every version of a rule, the newest first; raises NotFoundError."""
    found = await store.versions(tx, code)
    if not found:
        raise NotFoundError("alert rule", code)
    return found


async def in_force(tx: Transaction, code: str) -> AlertRuleVersion:
    """Return the version of a rule that rings; raises NotFoundError."""
    for version in await store.versions(tx, code):
        if version.status == RuleStatus.ACTIVE:
            return version
    raise NotFoundError("alert rule", code)


async def series(
    tx: Transaction, rule: WatchRule, kpi: Kpi, end: date, periods: int
) -> dict[Of, list[Point]]:
    """Return of every supplier its figures of so many periods, the last one with this end, as of that day."""
    found = await _points(tx, rule, kpi, Window(begins(end, rule.by, periods - 1), end), rule.rolling, end)
    keys = _keys(rule.by, end, periods)
    return {of: [points.get(key, Point(key)) for key in keys] for of, points in found.items()}


async def tried(tx: Transaction, rule: WatchRule, kpi: Kpi, first: date, last: date) -> Tried:
    """Return how a rule would have done over the periods that ended between two days.

    Each is judged by what was so at its end, and held against what is known now of the period after it.
    Raises InvalidError where no period has ended by then, or there are too many to try.
    """
    over = ended(rule.by, min(last + timedelta(days=1), tx.day))
    ends: list[date] = []
    while over.last >= first and len(ends) <= MOST:
        ends.append(over.last)
        over = ended(rule.by, over.first)
    if not ends or len(ends) > MOST:
        detail = f"From one to {MOST} periods that have ended are tried: those are {len(ends)} or more."
        raise InvalidError("trial_window", detail, errors=[FieldError("/from", detail)])
    ends.reverse()
    seen = [await series(tx, rule, kpi, end, rule.periods) for end in ends]
    until = ended(rule.by, tx.day).last
    after = Window(begins(ends[0], rule.by, -1), until)
    known = await _points(tx, rule, kpi, after, 1, None) if after.first <= until else {}
    following = []
    for end, of_then in zip(ends, seen, strict=True):
        key = named(begins(end, rule.by, -1), rule.by)
        is_over = begins(end, rule.by, -1) <= until
        following.append({of: known.get(of, {}).get(key, Point(key)) for of in of_then} if is_over else {})
    return try_over(rule, kpi.definition.direction, seen, following)


async def _points(
    tx: Transaction, rule: WatchRule, kpi: Kpi, window: Window, rolling: int, as_of: date | None
) -> dict[Of, dict[str, Point]]:
    scope = Scope(rule.scope.category, rule.scope.site, rule.scope.business_unit)
    asked = Asked(Question(window, as_of), scope, by=rule.by, rolling=rolling)
    found: dict[Of, dict[str, Point]] = defaultdict(dict)
    for one in await kpis.figures_of_suppliers(tx, kpi, asked):
        sample = Decimal(one.facts) if one.denominator is None else one.denominator
        point = Point(one.key, one.value, sample, one.facts)
        found[one.supplier_id, one.currency or "", one.unit or ""][one.key] = point
    return found


def _keys(by: By, end: date, periods: int) -> list[str]:
    return [named(begins(end, by, back), by) for back in range(periods - 1, -1, -1)]

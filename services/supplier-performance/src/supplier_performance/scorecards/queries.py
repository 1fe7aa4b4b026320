"""What a supplier would be judged by, and as, now and as of any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Policy, Version
from supplier_performance.answers import store as answers
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Measures, Question, Window
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.store.figures import Figure
from supplier_performance.scorecards.model import Scorecard
from supplier_performance.scorecards.rules import (
    ScoringRules,
    Yardstick,
    default_figures,
    default_template,
)
from supplier_performance.templates import queries as templates
from supplier_performance.templates import store as template_store
from supplier_performance.templates.rules.rating import Answered, Card, Counted, rate
from supplier_performance.templates.rules.template import DEFAULT, InForce

SCORING = Policy("scoring", ScoringRules, "How measures become a score and a grade")


@dataclass(frozen=True, slots=True)
class Held:
    """A template with the versions of the KPIs that it names, by code."""

    template: InForce
    kpis: Mapping[str, Kpi]


@dataclass(frozen=True, slots=True)
class Judged:
    """What suppliers are judged on: until when, over which window, and what they were before."""

    question: Question
    last: date
    """The day with which the latest period ends."""
    measured: Mapping[UUID, Measures]
    grades: Mapping[UUID, str | None]
    """The grades that suppliers have, which hold within the hysteresis."""


async def judged_now(tx: Transaction, supplier_id: UUID) -> Scorecard:
    """Return the scorecard that a supplier would get now, for one whose first judgement is still to come."""
    today = await yardstick(tx, tx.day)
    question = Question(today.window)
    measured = await deliveries.measures_of(tx, question, supplier_id)
    [card] = (await cards(tx, today, Judged(question, tx.day, {supplier_id: measured}, {}))).values()
    scorecard = Scorecard(id=supplier_id, version=0, sequence=0)
    scorecard.judge(measured, card, today, tx.now)
    return scorecard


async def cards_over(
    tx: Transaction, question: Question, as_of: date, measured: Mapping[UUID, Measures]
) -> dict[UUID, Card]:
    """Return what would be made of suppliers over any window, by what holds on a day."""
    judged = Judged(question, question.window.last, measured, {})
    return await cards(tx, await yardstick(tx, as_of), judged)


async def now_known(tx: Transaction, supplier_id: UUID, as_of: date, known: Card | None) -> Card:
    """Return what a supplier's scorecard of a day would be by what is known of that day now.

    It is made by the versions of the template and of the KPIs that made the one that was `known`, so that the
    two differ by what was heard since; where none was, by those that hold.
    """
    of_day = await yardstick(tx, as_of)
    question = Question(of_day.window, as_of)
    measured = {supplier_id: await deliveries.measures_of(tx, question, supplier_id)}
    judged = Judged(question, as_of, measured, {supplier_id: known.grade if known else None})
    if known is None:
        return (await cards(tx, of_day, judged))[supplier_id]
    return await _by_versions_of(tx, of_day, judged, supplier_id, known)


async def made_again(tx: Transaction, scorecard: Scorecard) -> tuple[Measures, Card]:
    """Return what is made of a supplier at this moment, when it was judged, by the versions that judged it.

    A grade that it got holds by the hysteresis if it ever did: it is what the supplier had before.
    """
    of_day = await yardstick(tx, scorecard.as_of)
    question = Question(of_day.window)
    measures = await deliveries.measures_of(tx, question, scorecard.id)
    judged = Judged(question, scorecard.as_of, {scorecard.id: measures}, {scorecard.id: scorecard.grade})
    return measures, await _by_versions_of(tx, of_day, judged, scorecard.id, scorecard.made)


async def _by_versions_of(
    tx: Transaction, yardstick: Yardstick, judged: Judged, supplier_id: UUID, known: Card
) -> Card:
    """Return what the versions of template and KPIs make of a supplier that have made a card."""
    if known.template == DEFAULT:
        return _by_default(yardstick, judged, [supplier_id])[supplier_id]
    versions = {part.code: part.number for part in known.parts}
    template = await templates.version_of(tx, known.template, known.number)
    of_then = {
        part.kpi: await kpis.version_of(tx, part.kpi, versions[part.kpi] or 0)
        for part in template.template.kpis
    }
    return (await cards_by(tx, Held(template, of_then), judged, [supplier_id]))[supplier_id]


async def cards(tx: Transaction, yardstick: Yardstick, judged: Judged) -> dict[UUID, Card]:
    """Return what the templates that hold make of suppliers, each by the one that fits it."""
    active = await template_store.active(tx)
    fits = await templates.fits(tx, active, judged.question.window, list(judged.measured))
    of_template: dict[str, list[UUID]] = defaultdict(list)
    for supplier_id, code in fits.items():
        of_template[code].append(supplier_id)
    found = _by_default(yardstick, judged, of_template.pop(DEFAULT, []))
    held = {one.code: one for one in active}
    for code, suppliers in of_template.items():
        by = Held(held[code], await kpis_of(tx, held[code]))
        found |= await cards_by(tx, by, judged, suppliers)
    return found


async def kpis_of(tx: Transaction, template: InForce) -> dict[str, Kpi]:
    """Return the KPIs that a template names, as they hold now."""
    return {part.kpi: await kpis.kpi_in_force(tx, part.kpi) for part in template.template.kpis}


async def cards_by(
    tx: Transaction, held: Held, judged: Judged, suppliers: Sequence[UUID]
) -> dict[UUID, Card]:
    """Return what one template makes of suppliers."""
    figures: dict[UUID, dict[str, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    for number, window in enumerate(windows(held.template, judged)):
        question = Question(window, judged.question.as_of)
        found = await kpis.figures_of(tx, list(held.kpis.values()), question, suppliers)
        for supplier_id, of_supplier in found.items():
            for code, of_kpi in of_supplier.items():
                figures[supplier_id][code] += [counted(number, one) for one in of_kpi]
    given = await answers_within(tx, held.template, judged, suppliers)
    return {
        supplier_id: rate(
            held.template,
            held.kpis,
            figures.get(supplier_id, {}),
            given.get(supplier_id, {}),
            judged.grades.get(supplier_id),
        )
        for supplier_id in suppliers
    }


async def answers_within(
    tx: Transaction, template: InForce, judged: Judged, suppliers: Sequence[UUID] | None
) -> Mapping[UUID, Mapping[str, Answered]]:
    """Return the answers that hold about suppliers, over all periods of a template that asks something."""
    if not template.template.questions:
        return {}
    periods = windows(template, judged)
    return await answers.holding(tx, Window(periods[-1].first, periods[0].last), suppliers)


def counted(period: int, of: Figure) -> Counted:
    """Return a figure as that of a period; PostgreSQL counts in integers."""
    value, above, below = (
        None if one is None else Decimal(one) for one in (of.value, of.numerator, of.denominator)
    )
    return Counted(period, value, above, below, of.sample, of.currency, of.unit)


def windows(template: InForce, judged: Judged) -> list[Window]:
    """Return the windows of a template's periods, the latest first; the one asked for where it has none."""
    found, last = [], judged.last
    for period in template.template.periods:
        found.append(Window.rolling(last, period.days))
        last = last - timedelta(days=period.days)
    return found or [judged.question.window]


def _by_default(yardstick: Yardstick, judged: Judged, suppliers: Sequence[UUID]) -> dict[UUID, Card]:
    template = InForce(DEFAULT, yardstick.versions[SCORING.name], default_template(yardstick.rules))
    return {
        supplier_id: rate(
            template,
            SHIPPED,
            default_figures(judged.measured[supplier_id]),
            {},
            judged.grades.get(supplier_id),
        )
        for supplier_id in suppliers
    }


async def yardstick(tx: Transaction, on: date) -> Yardstick:
    """Return what suppliers are judged by on a day."""
    scoring = await scoring_in_force(tx, on)
    return Yardstick(
        window=await deliveries.rolling_window(tx, on),
        rules=scoring.value,
        versions=await deliveries.versions_in_force(tx, on) | {SCORING.name: scoring.number},
    )


async def scoring_in_force(tx: Transaction, on: date) -> Version[ScoringRules]:
    """Return what turns measures into a score on a day, where no template fits."""
    return (await policies.history(tx, SCORING)).in_force(on)

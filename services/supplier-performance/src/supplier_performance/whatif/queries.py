"""Judges all suppliers at the end of each month, as it is done and as it would be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from supplier_performance.categories.queries import codes_within
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Measures, Question, Window
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.rules.checks import check as check_definition
from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.scorecards import queries as scorecards
from supplier_performance.scorecards.queries import SCORING, Judged, counted, windows
from supplier_performance.scorecards.rules import default_figures, default_template
from supplier_performance.templates import queries as templates
from supplier_performance.templates import store
from supplier_performance.templates.rules.checks import check
from supplier_performance.templates.rules.fitting import fitting
from supplier_performance.templates.rules.rating import Answered, Counted, rate
from supplier_performance.templates.rules.template import DEFAULT, InForce, Template
from supplier_performance.whatif.rules import MOST_DAYS, Moves, Standing, barred, month_ends, spans

Answers = Mapping[UUID, Mapping[str, Answered]]
Figures = Mapping[UUID, Mapping[str, Sequence[Counted]]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of judging: templates and KPIs by code, and which categories each template is of."""

    templates: Mapping[str, InForce]
    kpis: Mapping[str, Kpi]
    covered: Mapping[str, frozenset[str]]
    instead: frozenset[str] = frozenset()
    """KPIs that are others than those that hold: of the default template they take the measures' place."""


@dataclass(slots=True)
class _Course:
    grades: dict[UUID, str | None] = field(default_factory=dict)
    standings: dict[UUID, dict[date, Standing]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would have made of history."""

    days: Sequence[date]
    judged: int
    """How many suppliers had a scorecard on any of them."""
    moves: Sequence[Moves]


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried: a template, by its code, and definitions of KPIs, by theirs."""

    code: str
    template: Template | None
    definitions: Mapping[str, Definition]


async def try_change(
    tx: Transaction, change: Change, first: date | None, last: date | None
) -> Outcome | None:
    """Return whose grade a change would have moved at the ends of months; None for days that are not tried.

    Raises NotFoundError and InvalidError for what there is not, or makes no sense.
    """
    first, last = first or await deliveries.first_promised(tx) or tx.day, last or tx.day
    if not first <= last <= tx.day or (last.year - first.year) * 12 + last.month - first.month >= MOST_DAYS:
        return None
    instead = []
    for place, (code, definition) in enumerate(change.definitions.items()):
        check_definition(definition, KINDS, f"/kpis/{place}/definition")
        instead.append(replace(await kpis.kpi_in_force(tx, code), definition=definition))
    as_held = await held(tx)
    template = None
    if change.template is not None:
        by_code = dict(as_held.kpis) | {kpi.code: kpi for kpi in instead}
        category = str(change.template.category)
        ours = {code for code, kpi in by_code.items() if kpis.is_ours(kpi)}
        check(change.template, by_code, ours, await codes_within(tx, category), "/template")
        template = InForce(change.code, 0, change.template)
    elif change.code not in as_held.templates and change.code != DEFAULT:
        raise NotFoundError("scorecard template", change.code)
    return await tried(tx, as_held, await changed(tx, as_held, template, instead), month_ends(first, last))


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    window: Window
    lines: Mapping[UUID, Mapping[str, int]]
    """Of each supplier how many lines are promised in the window, by category."""
    measured: Mapping[UUID, Measures]


async def held(tx: Transaction) -> Way:
    """Return how suppliers are judged."""
    active = await store.active(tx)
    of = await templates.covered(tx, active)
    by_code = {kpi.code: kpi for kpi in await kpis.kpis_in_force(tx)}
    return Way({one.code: one for one in active}, by_code, of)


async def changed(tx: Transaction, way: Way, template: InForce | None, instead: Sequence[Kpi]) -> Way:
    """Return how suppliers would be judged with a template or KPIs in the place of those that hold."""
    found = replace(
        way,
        kpis=dict(way.kpis) | {kpi.code: kpi for kpi in instead},
        instead=frozenset(kpi.code for kpi in instead),
    )
    if template is None:
        return found
    of = await templates.covered(tx, [template])
    return replace(
        found,
        templates=dict(way.templates) | {template.code: template},
        covered=dict(way.covered) | of,
    )


async def tried(tx: Transaction, as_held: Way, as_tried: Way, days: Sequence[date]) -> Outcome:
    """Return whose grade would have been another at the end of months, and which orders that would mean."""
    courses = _Course(), _Course()
    for day in days:
        window = await deliveries.rolling_window(tx, day)
        lines = await templates.lines_by_category(tx, window)
        measured = await deliveries.measures(tx, Question(window, day))
        for way, course in zip((as_held, as_tried), courses, strict=True):
            await _judge(tx, way, course, _Day(day, window, lines, measured))
    held_on, tried_on = (course.standings for course in courses)
    found = []
    judged = sorted({*held_on, *tried_on})
    for supplier_id in judged:
        one, other = held_on[supplier_id], tried_on[supplier_id]
        if of_supplier := spans(days, one, other):
            stopped, let = barred(days, other, one), barred(days, one, other)
            found.append(
                Moves(
                    supplier_id,
                    of_supplier,
                    await deliveries.orders_within(tx, supplier_id, stopped),
                    await deliveries.orders_within(tx, supplier_id, let),
                )
            )
    return Outcome(days, len(judged), found)


async def _judge(
    tx: Transaction,
    way: Way,
    course: _Course,
    on: _Day,
) -> None:
    """Judge on a day all who have lines in the window, each by the template that fits it."""
    of_template: dict[str, list[UUID]] = defaultdict(list)
    for supplier_id, of_supplier in on.lines.items():
        of_template[fitting(way.covered, of_supplier)].append(supplier_id)
    for code, suppliers in of_template.items():
        if code == DEFAULT:
            yardstick = await scorecards.yardstick(tx, on.day)
            number = yardstick.versions[SCORING.name]
            template = InForce(DEFAULT, number, default_template(yardstick.rules))
            named = {part.kpi: SHIPPED[part.kpi] for part in template.template.kpis}
            named |= {code: way.kpis[code] for code in named if code in way.instead}
            figures = await _default_figures(tx, way, on)
            given: Answers = {}
        else:
            template = way.templates[code]
            named = {part.kpi: way.kpis[part.kpi] for part in template.template.kpis}
            figures = await _figures(tx, template, named, on)
            judged = Judged(Question(on.window, on.day), on.day, {}, {})
            given = await scorecards.answers_within(tx, template, judged, None)
        for supplier_id in suppliers:
            of = figures.get(supplier_id, {})
            card = rate(template, named, of, given.get(supplier_id, {}), course.grades.get(supplier_id))
            course.grades[supplier_id] = card.grade
            course.standings[supplier_id][on.day] = Standing.of(card)


async def _figures(tx: Transaction, template: InForce, named: Mapping[str, Kpi], on: _Day) -> Figures:
    found: dict[UUID, dict[str, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    judged = Judged(Question(on.window, on.day), on.day, {}, {})
    for number, period in enumerate(windows(template, judged)):
        of_all = await kpis.figures_of(tx, list(named.values()), Question(period, on.day), None)
        for supplier_id, of_supplier in of_all.items():
            for code, of_kpi in of_supplier.items():
                found[supplier_id][code] += [counted(number, one) for one in of_kpi]
    return found


async def _default_figures(tx: Transaction, way: Way, on: _Day) -> Figures:
    """Return today's measures, and in their place the figures of KPIs that are to be others."""
    question = Question(on.window, on.day)
    found: dict[UUID, dict[str, list[Counted]]] = {
        supplier_id: default_figures(measures) for supplier_id, measures in on.measured.items()
    }
    instead = [way.kpis[code] for code in sorted(way.instead)]
    for supplier_id, of_supplier in (await kpis.figures_of(tx, instead, question, None)).items():
        for code, of_kpi in of_supplier.items():
            found.setdefault(supplier_id, {})[code] = [counted(0, one) for one in of_kpi]
    return found

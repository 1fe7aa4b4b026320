"""Reads of KPIs: what holds, the figures that it makes, and the facts behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.pages import PageRequest
from supplier_performance.categories import queries as categories
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import Question, Window
from supplier_performance.deliveries.store.judged import ALL_SUPPLIERS, THESE_SUPPLIERS, Whose, arguments
from supplier_performance.facts.queries import KINDS
from supplier_performance.facts.rules import Kind
from supplier_performance.groups import store as groups
from supplier_performance.kpis.model import KpiVersion
from supplier_performance.kpis.rules.grammar import Exclusion, IsTrue
from supplier_performance.kpis.rules.kpi import (
    COLUMNS,
    COMPANIES,
    PERIODS,
    By,
    Kpi,
    Rolling,
    Scope,
    SourceEvent,
    begins,
)
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.store import evidence as behind
from supplier_performance.kpis.store import figures as counted
from supplier_performance.kpis.store import of_suppliers, versions
from supplier_performance.kpis.store.evidence import CountedFact
from supplier_performance.kpis.store.figures import Counting, Figure, Peers, SupplierFigure
from supplier_performance.kpis.store.whose import ALL_GROUPS, MEMBERS, THIS_GROUP
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.rules import CountedAs

LINES, ORDERS = "lines", "orders"
"""Kinds of what is judged, which rests on several events."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures of a KPI are asked for: over which facts, as of when, of whom, by what."""

    question: Question
    scope: Scope
    supplier_id: UUID | None = None
    by: By | None = None
    rolling: int = 1
    """Of how many periods each figure is: its own, and those before it."""
    category_alone: bool = False
    """Whether a category is meant without what lies in it."""
    each_category: bool = False
    """Whether each category has figures of its own, whose keys begin with it."""
    group_id: UUID | None = None
    """Of a company, and of all that belong to the same head."""


async def kpis_in_force(tx: Transaction) -> list[Kpi]:
    """Return every KPI as it holds now, by code."""
    found = dict(SHIPPED) | {kpi.code: kpi for kpi in await versions.active(tx)}
    return sorted(found.values(), key=lambda kpi: kpi.code)


async def kpi_in_force(tx: Transaction, code: str) -> Kpi:
    """Return a KPI as it holds now; raises NotFoundError."""
    defined = await versions.active(tx, code)
    if defined:
        return defined[0]
    if code not in SHIPPED:
        raise NotFoundError("kpi", code)
    return SHIPPED[code]


def is_ours(kpi: Kpi) -> bool:
    """Whether no supplier is shown a KPI, as it is made of what none is told, or of what others did."""
    sides = (kpi.definition.numerator, kpi.definition.denominator)
    measured = {getattr(one, "column", None) for one in sides}
    return kpi.definition.over_all_suppliers or any(
        kind.ours or any(column.ours for column in kind.columns if column.name in measured)
        for kind in kinds_of(kpi)
    )


def kinds_of(kpi: Kpi) -> list[Kind]:
    """Return the kinds of fact that a KPI is made of."""
    return [KINDS[name] for name in kpi.definition.kinds]


async def written(tx: Transaction, code: str) -> Sequence[KpiVersion]:
    """Return every version that people have written of a KPI, the newest first; raises NotFoundError."""
    found = await versions.versions(tx, code)
    if not found and code not in SHIPPED:
        raise NotFoundError("kpi", code)
    return found


DISPUTED_COLUMN = "disputed"
DISPUTED = Exclusion(
    reason="The supplier disputed it, and that was upheld",
    where=IsTrue(condition="is_true", column=DISPUTED_COLUMN),
)


def counting(kpi: Kpi) -> Kpi:
    """Return a KPI as its figures are made: without what was disputed, where facts say what was."""
    definition = kpi.definition
    if DISPUTED_COLUMN not in KINDS[definition.of].by_name or DISPUTED in definition.exclusions:
        return kpi
    exclusions = [*definition.exclusions, DISPUTED]
    return replace(kpi, definition=definition.model_copy(update={"exclusions": exclusions}))


async def figures(
    tx: Transaction, kpi: Kpi, asked: Asked, after: Sequence[object] | None, limit: int
) -> list[Figure]:
    """Return a page of a KPI's figures, by the keys of their groups."""
    counting, told = await _counting(tx, kpi, asked)
    return await counted.figures(tx, counting, told, after, limit)


async def figures_of(
    tx: Transaction, kpis: Sequence[Kpi], question: Question, supplier_ids: Sequence[UUID] | None
) -> dict[UUID, dict[str, list[Figure]]]:
    """Return the figures of several KPIs of these suppliers (of all when None), by supplier and code."""
    found: dict[UUID, dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    of = [] if supplier_ids is None else await suppliers.counted_as(tx, supplier_ids)
    if not kpis or (supplier_ids is not None and not of):
        return found
    graces = await policies.history(tx, ON_TIME)
    whose = ALL_SUPPLIERS if supplier_ids is None else THESE_SUPPLIERS
    asked = arguments(tx, question, graces, of)
    by_code = {kpi.code: counting(kpi).definition for kpi in kpis}
    for one in await of_suppliers.figures(tx, by_code, len(graces.versions), whose, asked):
        found[UUID(one.key)][one.code].append(one.figure)
    return found


async def version_of(tx: Transaction, code: str, number: int) -> Kpi:
    """Return a version of a KPI, whether it holds, held or is drafted; raises NotFoundError."""
    if number == 0 and code in SHIPPED:
        return SHIPPED[code]
    for version in await written(tx, code):
        if version.number == number:
            return version.kpi(code)
    raise NotFoundError("kpi version", f"{number} of {code}")


async def figures_of_suppliers(tx: Transaction, kpi: Kpi, asked: Asked) -> list[SupplierFigure]:
    """Return a KPI's figures of every supplier in every group that is asked for."""
    counting, told = await _counting(tx, kpi, asked)
    return await counted.of_suppliers(tx, counting, told)


async def peers(
    tx: Transaction, kpi: Kpi, asked: Asked, found: Sequence[Figure]
) -> Mapping[tuple[str, str | None, str | None], Peers]:
    """Return what the figures of all suppliers are in the groups of some figures, by group and currency."""
    of_all = replace(asked, supplier_id=None, group_id=None)
    counting, told = await _counting(tx, kpi, of_all)
    keys = {"" if asked.by in COMPANIES else figure.key for figure in found}
    of_each = await counted.peers(tx, counting, told, keys)
    return {(one.key, one.currency, one.unit): one for one in of_each}


@dataclass(frozen=True, slots=True)
class Line:
    """What names the events of a judged line."""

    order_id: UUID
    line_number: int
    judged_on: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact behind a figure, and the events that it comes from."""

    fact: CountedFact
    events: Sequence[SourceEvent]


async def evidence(tx: Transaction, kpi: Kpi, asked: Asked, page: PageRequest, order: str) -> list[Evidence]:
    """Return the facts that a figure is of, or that were excluded, and one more than the page holds."""
    counting, told = await _counting(tx, kpi, asked)
    found = await behind.facts(tx, counting, told, page.after(order, date, str), page.limit + 1)
    by_name: dict[str, Sequence[SourceEvent]] = {}
    for reads, of in ((_of_lines, LINES), (_of_orders, ORDERS)):
        if judged := [fact for fact in found if fact.kind == of]:
            by_name |= await reads(tx, judged)
    return [
        Evidence(fact, [_event_of(fact)] if "event_id" in fact.columns else by_name[fact.name])
        for fact in found
    ]


async def _of_orders(tx: Transaction, found: Sequence[CountedFact]) -> dict[str, Sequence[SourceEvent]]:
    """Return the events that judged orders rest on, by the facts' names."""
    by_order: dict[UUID, list[SourceEvent]] = defaultdict(list)
    for event in await behind.events_of_orders(tx, found):
        told = SourceEvent(event.event_id, event.type, event.sequence, event.known_at, event.business_date)
        by_order[event.order_id].append(told)
    return {fact.name: by_order[fact.columns["order_id"]] for fact in found}


async def _of_lines(tx: Transaction, found: Sequence[CountedFact]) -> dict[str, Sequence[SourceEvent]]:
    """Return the events that judged lines rest on, by the facts' names."""
    by_line: dict[tuple[UUID, int], list[SourceEvent]] = defaultdict(list)
    lines = [Line(**{name: fact.columns[name] for name in Line.__slots__}) for fact in found]
    for event in await deliveries.events_of(tx, lines):
        of = (event.order_id, event.line_number)
        told = SourceEvent(event.event_id, event.type, event.sequence, event.recorded_at, event.business_date)
        by_line[of].append(told)
    return {fact.name: by_line[of.order_id, of.line_number] for fact, of in zip(found, lines, strict=True)}


def _event_of(fact: CountedFact) -> SourceEvent:
    of = fact.columns
    return SourceEvent(of["event_id"], of["event_type"], of["event_sequence"], of["known_at"], fact.happened)


async def _counting(tx: Transaction, kpi: Kpi, asked: Asked) -> tuple[Counting, Mapping[str, Any]]:
    for kind in kinds_of(kpi):
        _expect_columns(kind, asked)
    graces = await policies.history(tx, ON_TIME)
    whose, of, named = await _whose(tx, asked)
    counting = Counting(
        kpi.definition,
        len(graces.versions),
        whose,
        asked.scope,
        asked.by,
        None if asked.category_alone else await _categories(tx, asked.scope.category),
        _rolling(asked),
        asked.each_category,
    )
    return counting, arguments(tx, _reaching_back(asked), graces, of) | named


async def _whose(tx: Transaction, asked: Asked) -> tuple[Whose, Sequence[CountedAs], dict[str, Any]]:
    """Return whose facts are asked for, and as whose they count."""
    if asked.supplier_id is not None:
        of = await suppliers.counted_as(tx, [asked.supplier_id])
        if asked.by is By.GROUP:
            head = await groups.head_of(tx, asked.supplier_id)
            of = [replace(one, counted_as=head) for one in of]
        return THESE_SUPPLIERS, of, {}
    if asked.group_id is not None:
        named = {"group_id": await groups.head_of(tx, asked.group_id)}
        return (THIS_GROUP if asked.by is By.GROUP else MEMBERS), [], named
    return (ALL_GROUPS if asked.by is By.GROUP else ALL_SUPPLIERS), [], {}


async def _categories(tx: Transaction, code: str | None) -> Sequence[str] | None:
    """Return a category with all that lies in it; one that sourcing has not told of is by itself."""
    return None if code is None else [code, *await categories.codes_within(tx, code)]


def _rolling(asked: Asked) -> Rolling | None:
    """Return of which periods figures are asked; raises InvalidError for periods of what is none."""
    if asked.rolling == 1:
        return None
    if asked.by not in PERIODS:
        detail = f"Only periods roll: ask `by` one of {', '.join(PERIODS)}."
        raise InvalidError("rolling_without_period", detail, errors=[FieldError("/query/rolling", detail)])
    window = asked.question.window
    return Rolling(asked.rolling, begins(window.first, asked.by), window.last)


def _reaching_back(asked: Asked) -> Question:
    """Return the question with the periods before its first one, which that is of, too."""
    if asked.by is None or asked.rolling == 1:
        return asked.question
    window = asked.question.window
    first = begins(window.first, asked.by, asked.rolling - 1)
    return replace(asked.question, window=Window(first, window.last))


def _expect_columns(kind: Kind, asked: Asked) -> None:
    """Raise InvalidError for what the facts of a KPI say nothing of."""
    named = {f"/query/{name}": name for name in asked.scope.named}
    if asked.by in COLUMNS:
        named["/query/by"] = COLUMNS[asked.by]
    if asked.question.known_before is not None:
        named["/query/known_on"] = "known_at"
    for pointer, column in named.items():
        if column not in kind.by_name:
            detail = f"{kind.name} have no {column}: see GET /v1/facts."
            raise InvalidError("kpi_not_told_apart", detail, errors=[FieldError(pointer, detail)])

"""Figures of KPIs: those of today's measures, to the last digit, and the facts that add up to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor.db import Transaction
from purveyor.pages import PageRequest
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import Measures, OnTime, Question, Window
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis import queries
from supplier_performance.kpis.queries import Asked, Evidence
from supplier_performance.kpis.rules.checks import check
from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import By, Kpi, Scope
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.store.figures import Figure

from .test_measures import DAYS, GRACES, LINES, MOMENTS, Grace, Line, tell
from .world import NOON, TODAY, World, ordered

WINDOW = Window(TODAY - timedelta(days=365), TODAY + timedelta(days=365))
ALL = 100


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def asked_for(supplier: UUID | None = None, by: By | None = None, **scope: str) -> Asked:
    return Asked(Question(WINDOW), Scope(**scope), supplier, by)


async def counted(tx: Transaction, kpi: Kpi, asked: Asked) -> list[Figure]:
    """Return a KPI's figures, held against the facts that are shown for them all."""
    total = await queries.figures(tx, kpi, Asked(asked.question, asked.scope, asked.supplier_id), None, ALL)
    behind = await queries.evidence(tx, kpi, asked, PageRequest(ALL), "")
    for figure in total:
        split = (figure.currency, figure.unit)
        own = [one.fact for one in behind if (one.fact.currency, one.fact.unit) == split]
        for side in ("numerator", "denominator"):
            if (expected := getattr(figure, side)) is not None:
                assert sum(getattr(one, side) or 0 for one in own) == expected, (kpi.code, side)
        for number, excluded in enumerate(figure.excluded):
            assert sum(one.exclusion == number for one in own) == excluded
    assert all(one.events for one in behind)
    return await queries.figures(tx, kpi, asked, None, ALL)


async def figures(world: World, kpi: Kpi | str, asked: Asked) -> list[Figure]:
    kpi = SHIPPED[kpi] if isinstance(kpi, str) else kpi
    async with world.context.database.transaction() as tx:
        return await counted(tx, kpi, asked)


async def figure(world: World, kpi: Kpi | str, asked: Asked) -> Figure:
    [found] = await figures(world, kpi, asked)
    return found


def said(found: object, *names: str) -> list[Any]:
    return [getattr(found, name) for name in names]


def kpi_of(definition: dict[str, Any]) -> Kpi:
    read = Definition.model_validate(definition)
    check(read, KINDS)
    return Kpi("mine", 1, "Mine", "", None, read)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINES, min_size=1, max_size=6),
    as_of=st.one_of(st.none(), DAYS),
    moment=MOMENTS,
    graces=st.lists(GRACES, max_size=3),
    by=st.sampled_from([None, By.SUPPLIER]),
)
async def test_shipped_definitions_make_todays_figures_to_the_last_digit(
    world: World, lines: list[Line], as_of: date | None, moment: datetime, graces: list[Grace], by: By | None
) -> None:
    world.clock.now = moment
    await world.forget_decisions()
    for grace in graces:
        await world.decide(ON_TIME, OnTime(grace_days=grace.days), grace.valid_from, grace.place)
    supplier = await world.supplier()
    await tell(world, supplier, lines)
    asked = Asked(Question(Window(date(2026, 6, 4), date(2026, 6, 25)), as_of), Scope(), supplier, by)

    async with world.context.database.transaction() as tx:
        measured = await deliveries.measures_of(tx, asked.question, supplier)
        found = {code: await counted(tx, SHIPPED[code], asked) for code in TODAYS}
        spend = await counted(tx, SHIPPED["spend"], asked)
        rejected = await counted(tx, SHIPPED["rejected-ppm"], asked)

    if not measured.lines:  # no group of facts, and so no figure of one
        assert not any((*found.values(), spend, rejected))
        return
    assert {code: _single(of_code) for code, of_code in found.items()} == todays(measured)
    received = {one.currency: one.value for one in spend if one.currency in measured.spend}
    assert received == measured.spend
    assert {one.unit: one.value for one in rejected if one.value is not None} == {
        unit: of_unit.rejected_ppm for unit, of_unit in measured.by_unit.items()
    }


TODAYS = ("on-time", "in-full", "on-time-in-full", "lines-late", "days-late", "days-late-p90")


def todays(measured: Measures) -> dict[str, tuple[Decimal | int | None, int]]:
    due = measured.lines_due
    return {
        "on-time": (measured.on_time_percent, due),
        "in-full": (measured.in_full_percent, due),
        "on-time-in-full": (measured.on_time_in_full_percent, due),
        "lines-late": (measured.lines_late, 0),
        "days-late": (measured.average_days_late, due),
        "days-late-p90": (measured.p90_days_late, due),
    }


def _single(found: Sequence[Figure]) -> tuple[Decimal | int | None, Decimal | int]:
    [only] = found
    return only.value, only.denominator or 0


async def test_a_changed_grace_gives_the_lines_that_plain_sql_gives(world: World) -> None:
    supplier = await world.supplier()
    for late in (-2, 0, 3, 7, 8):
        order = await world.order(supplier, ago(40))
        await world.receive(order, ago(40 - late))
    await world.order(supplier, ago(5))
    await world.order(supplier, ago(8))
    last_day = {"operand": "column", "column": "promised_on", "plus_days": 7}
    on_time = {
        "condition": "compares",
        "left": {"operand": "column", "column": "arrived_on"},
        "by": "at_most",
        "right": last_day,
    }
    over = {
        "condition": "compares",
        "left": last_day,
        "by": "less",
        "right": {"operand": "column", "column": "open_until"},
    }
    arrived = {"condition": "not", "of": {"condition": "is_missing", "column": "arrived_on"}}
    with_grace = kpi_of(
        {
            "of": "lines",
            "numerator": {"aggregate": "count", "where": on_time},
            "denominator": {
                "aggregate": "count",
                "where": {"condition": "any", "conditions": [arrived, over]},
            },
            "unit": "percent",
            "scale": "100",
            "direction": "higher",
            "decimals": 2,
        }
    )
    found = await figure(world, with_grace, asked_for(supplier))
    [plainly] = await world.fetch(
        "SELECT count(*) FILTER (WHERE completed_on <= promised_on + 7) AS on_time, count(*) AS due "
        "FROM order_line WHERE completed_on IS NOT NULL OR promised_on + 7 < $1",
        TODAY,
    )
    assert said(found, "numerator", "denominator") == [plainly["on_time"], plainly["due"]] == [4, 6]
    assert found.value == Decimal("66.67")
    assert (await figure(world, "on-time", asked_for(supplier))).numerator == 2


async def test_nothing_over_nothing_is_no_data_and_not_zero(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, TODAY + timedelta(days=9))
    found = await figure(world, "on-time", asked_for(supplier))
    assert said(found, "value", "numerator", "denominator", "facts") == [None, 0, 0, 1]


async def test_what_the_buyer_caused_is_excluded_counted_and_shown(world: World) -> None:
    supplier = await world.supplier()
    moved = await world.order(supplier, ago(10))
    await world.acknowledge(moved, ago(30), ago(10))
    await world.move(moved, ago(3), due_on=ago(3), by="buyer", first=ago(10))
    kept = await world.order(supplier, ago(10))
    await world.acknowledge(kept, ago(30), ago(10))
    await world.receive(kept, ago(10))
    silent = await world.order(supplier, ago(10))
    await world.receive(silent, ago(10))
    found = await figure(world, "on-time-first-promise", asked_for(supplier))
    assert said(found, "numerator", "denominator", "excluded") == [1, 1, [1, 1]]


async def test_the_first_promise_and_the_last_judge_apart(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.acknowledge(order, ago(30), ago(10))
    await world.move(order, ago(5), due_on=ago(10), by="supplier", first=ago(10))
    await world.receive(order, ago(5))
    for code, value in (
        ("on-time-first-promise", 0),
        ("on-time-last-promise", 100),
        ("promise-stability", 0),
    ):
        assert (await figure(world, code, asked_for(supplier))).value == value, code


async def test_lead_times_are_of_lines_that_arrived_and_percentiles_occurred(world: World) -> None:
    supplier = await world.supplier()
    for days in (10, 20, 60):
        order = await world.order(supplier, ago(30), ordered_on=ago(90))
        await world.receive(order, ago(90 - days))
    await world.order(supplier, ago(30), ordered_on=ago(90))
    found = {
        code: (await figure(world, code, asked_for(supplier))).value
        for code in ("lead-time", "lead-time-p50", "lead-time-p90")
    }
    assert found == {"lead-time": 30, "lead-time-p50": 20, "lead-time-p90": 60}


async def test_answers_are_counted_by_version_but_for_what_was_told_long_afterwards(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, ago(10), ordered_on=ago(40))  # told today, as an import tells it
    world.clock.now = NOON - timedelta(days=40)
    order = await world.order(supplier, ago(10), ordered_on=ago(40))
    await world.acknowledge(order, ago(37))
    await world.amend(order, ago(40), ordered(ago(9)))
    world.clock.now = NOON
    rate = await figure(world, "answer-rate", asked_for(supplier))
    assert said(rate, "value", "denominator", "excluded") == [50, 2, [1]]
    assert (await figure(world, "answer-time", asked_for(supplier))).value == 3


async def test_amounts_and_quantities_have_a_figure_of_each_currency_and_unit(world: World) -> None:
    supplier = await world.supplier()
    for currency, unit in (("EUR", "C62"), ("JPY", "KGM"), ("EUR", "KGM")):
        order = await world.order(supplier, ago(9), currency=currency, unit=unit, price="3")
        await world.receive(order, ago(9), "10", "1")
    spend = await figures(world, "spend", asked_for(supplier))
    assert {one.currency: one.value for one in spend} == {"EUR": 54, "JPY": 27}
    rejected = await figures(world, "rejected-ppm", asked_for(supplier, category="fasteners"))
    assert {one.unit: one.denominator for one in rejected} == {"C62": 10, "KGM": 20}


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (By.SITE, ["HAM"]),
        (By.CATEGORY, ["bolts", "nuts"]),
        (By.BUSINESS_UNIT, ["BU-1"]),
        (By.UNIT, ["C62"]),
        (By.CURRENCY, ["EUR"]),
        (By.ITEM, ["M8-HEX-40"]),
        (By.DAY, ["2026-01-01", "2026-06-05"]),
        (By.WEEK, ["2026-W01", "2026-W23"]),
        (By.MONTH, ["2026-01", "2026-06"]),
        (By.QUARTER, ["2026-Q1", "2026-Q2"]),
        (By.YEAR, ["2026"]),
    ],
)
async def test_figures_are_told_apart_by_columns_and_periods(world: World, by: By, keys: list[str]) -> None:
    supplier = await world.supplier()
    await world.order(supplier, date(2026, 1, 1), category="bolts")
    await world.order(supplier, ago(10), category="nuts")
    found = await figures(world, "lines-late", asked_for(by=by))
    assert [one.key for one in found] == keys
    assert sum(one.value or 0 for one in found) == 2


async def test_different_values_are_counted_once_and_add_up(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, ago(10), ago(9))
    await world.order(supplier, ago(8))
    orders = {"aggregate": "distinct", "column": "order_id"}
    kpi = kpi_of({"of": "lines", "numerator": orders, "unit": "count", "direction": "higher"})
    assert (await figure(world, kpi, asked_for(supplier))).value == 2


async def test_peers_are_the_suppliers_figures_of_the_same_group(world: World) -> None:
    for late in (0, 1, 1, 2, 9):
        supplier = await world.supplier()
        await world.receive(await world.order(supplier, ago(20)), ago(20 - late))
    asked = asked_for(supplier, By.MONTH)
    async with world.context.database.transaction() as tx:
        kpi = SHIPPED["days-late"]
        found = await queries.figures(tx, kpi, asked, None, ALL)
        [peers] = (await queries.peers(tx, kpi, asked, found)).values()
        by_supplier = asked_for(by=By.SUPPLIER)
        everybody = await queries.figures(tx, kpi, by_supplier, None, ALL)
        [the_same] = (await queries.peers(tx, kpi, by_supplier, everybody)).values()
    assert [one.value for one in found] == [9]
    assert said(peers, "suppliers", "lower_quartile", "median", "upper_quartile") == [5, 1, 1, 2]
    assert said(the_same, "suppliers", "median") == [5, 1]
    assert len(everybody) == 5


def _place(one: Evidence) -> tuple[date, str]:
    return one.fact.happened, one.fact.name


async def test_pages_of_facts_go_on_where_they_ended(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, *[ago(days) for days in (9, 8, 8, 7)])
    asked = asked_for(supplier)
    async with world.context.database.transaction() as tx:
        every = await queries.evidence(tx, SHIPPED["on-time"], asked, PageRequest(ALL), "it")
        seen: list[Evidence] = []
        request = PageRequest(1)
        while True:
            page = await queries.evidence(tx, SHIPPED["on-time"], asked, request, "it")
            shown = request.of(page, "it", _place, lambda one: one.fact.name)
            seen += page[:1]
            if shown.next_cursor is None:
                break
            request = PageRequest(1, shown.next_cursor)
    assert [one.fact.name for one in seen] == [one.fact.name for one in every]
    assert len(seen) == 4

"""Figures of KPIs over HTTP, and the facts behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from purveyor.db import Transaction
from purveyor.http.pages import Paging, link_next
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.kpis import queries
from supplier_performance.kpis.api.asking import AskedFacts, Reader, expect_no_group, shown_kpi
from supplier_performance.kpis.rules.kpi import COMPANIES, By, Kpi
from supplier_performance.kpis.store.figures import Figure
from supplier_performance.kpis.views import (
    FiguresHead,
    KpiEvidencePage,
    KpiFigure,
    KpiFigureForSupplier,
    KpiFigurePage,
    KpiFigurePageForSupplier,
    KpiShown,
    shown_fact,
    shown_figure,
    shown_peers,
)
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.views import SupplierReference

router = APIRouter(prefix="/v1/kpis", tags=["kpis"], route_class=TransactionRoute)


@router.get("/{code}/figures", summary="A KPI's figures")
async def list_kpi_figures(
    code: Code,
    tx: Tx,
    caller: Reader,
    page: Paging,
    request: Request,
    response: Response,
    window: AskedWindow,
    asked: AskedFacts,
    by: Annotated[
        By | None, Query(description="A figure for each; left out: one of all", examples=["month"])
    ] = None,
    rolling: Annotated[
        int,
        Query(
            ge=1,
            le=60,
            description="Each period's figure is of so many: its own, and those before it",
            examples=[3],
        ),
    ] = 1,
) -> KpiFigurePage | KpiFigurePageForSupplier:
    """Return a KPI's figures over the facts of a window as of a day, with what other suppliers have.

    The window is of the day when facts were so (`happened` of GET /v1/facts). Suppliers see their own.
    """
    held = await shown_kpi(tx, caller, code)
    expect_no_group(caller, by is By.GROUP, "/query/by")
    kpi = queries.counting(held)
    question = replace(asked, by=by, rolling=rolling)
    order = f"kpi,{kpi.code},{kpi.number},{question}"
    after = page.after(order, str, str, str)
    found = await queries.figures(tx, kpi, question, after, page.limit + 1)
    named = await _named(tx, found, by)
    head = _head(held, by, window)

    def shown(figure: Figure) -> dict[str, object]:
        return shown_figure(figure, kpi.definition, named.get(figure.key))

    if caller.is_supplier:
        own = page.of(found, order, _place, lambda one: KpiFigureForSupplier(**shown(one)))
        link_next(request, response, own.next_cursor)
        return KpiFigurePageForSupplier(**vars(head), **vars(own))
    peers = await queries.peers(tx, kpi, question, found[: page.limit])
    figures = page.of(
        found, order, _place, lambda one: KpiFigure(**shown(one), peers=shown_peers(one, by, peers))
    )
    link_next(request, response, figures.next_cursor)
    return KpiFigurePage(**vars(head), **vars(figures))


@router.get("/{code}/evidence", summary="The facts behind a KPI's figure")
async def list_kpi_evidence(
    code: Code,
    tx: Tx,
    caller: Reader,
    page: Paging,
    request: Request,
    response: Response,
    window: AskedWindow,
    asked: AskedFacts,
) -> KpiEvidencePage:
    """List the facts that a figure is of, and those that were excluded, with their events.

    Numerators and denominators add up to the figure's, of each currency and unit of measure. To account for
    a figure that was asked for by something, ask for that: `?category=`, or `from` and `to` of a month.
    """
    held = await shown_kpi(tx, caller, code)
    kpi = queries.counting(held)
    order = f"kpi evidence,{kpi.code},{kpi.number},{asked}"
    found = await queries.evidence(tx, kpi, asked, page, order)
    figures = await queries.figures(tx, kpi, asked, None, page.limit)
    hidden = {
        column.name
        for kind in queries.kinds_of(kpi)
        for column in kind.columns
        if column.ours and caller.is_supplier
    }
    shown = page.of(
        found,
        order,
        lambda one: (one.fact.happened, one.fact.name),
        lambda one: shown_fact(one.fact, kpi.definition.exclusions, hidden, one.events),
    )
    link_next(request, response, shown.next_cursor)
    return KpiEvidencePage(
        **vars(_head(held, None, window)),
        **vars(shown),
        figures=[KpiFigureForSupplier(**shown_figure(one, kpi.definition, None)) for one in figures],
    )


def _head(kpi: Kpi, by: By | None, window: AskedWindow) -> FiguresHead:
    asked = window.question.window
    return FiguresHead(
        kpi=KpiShown.of(kpi), by=by, window_from=asked.first, window_to=asked.last, as_of=window.as_of
    )


def _place(figure: Figure) -> tuple[str, str, str]:
    return figure.key, figure.currency or "", figure.unit or ""


async def _named(tx: Transaction, figures: list[Figure], by: By | None) -> dict[str, SupplierReference]:
    if by not in COMPANIES:
        return {}
    known = await suppliers.names(tx, [UUID(figure.key) for figure in figures])
    return {str(supplier_id): SupplierReference.of(one) for supplier_id, one in known.items()}

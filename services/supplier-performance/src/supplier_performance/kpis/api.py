"""KPIs over HTTP: what holds, its figures, and the facts behind them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.pages import Paging, link_next
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, ItemCode, Line, Name
from purveyor_contract.roles import Role
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis import commands, queries
from supplier_performance.kpis.model import KpiVersion
from supplier_performance.kpis.queries import Asked
from supplier_performance.kpis.rules.grammar import StatedDefinition
from supplier_performance.kpis.rules.kpi import By, Kpi, Scope, Status, is_future
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.store.figures import Figure
from supplier_performance.kpis.views import (
    FiguresHead,
    KpiEvidencePage,
    KpiFigure,
    KpiFigureForSupplier,
    KpiFigurePage,
    KpiFigurePageForSupplier,
    KpiShown,
    KpiVersionShown,
    shown_fact,
    shown_figure,
    shown_peers,
)
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.views import SupplierReference

router = APIRouter(prefix="/v1/kpis", tags=["kpis"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("performance:scores:read", suppliers_too=True)]


Owner = Annotated[Principal, requires("policies:write", Role.CATEGORY_MANAGER, Role.ADMIN)]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
STATED: dict[str, Any] = {
    "title": "Lines due",
    "formula": "Lines that are due",
    "definition": {
        "of": "lines",
        "numerator": {"aggregate": "count", "where": {"condition": "is_true", "column": "due"}},
        "unit": "count",
        "direction": "higher",
    },
}


class KpiStated(BaseModel):
    """All that a version of a KPI says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    title: Name
    formula: Line = Field(description="What it is, in words")
    standard: Line | None = Field(default=None, description="Who names it so")
    definition: StatedDefinition

    def kpi(self, code: str, number: int = 0) -> Kpi:
        """Return what it states of a KPI."""
        return Kpi(code, number, self.title, self.formula, self.standard, self.definition)


def _scope(
    category: Annotated[Code | None, Query(description="Of this category", examples=["fasteners"])] = None,
    site: Annotated[Code | None, Query(description="Delivered to this site", examples=["HAM"])] = None,
    business_unit: Annotated[
        Code | None, Query(description="Bought by this business unit", examples=["BU-1"])
    ] = None,
    item: Annotated[ItemCode | None, Query(description="Of this item", examples=["M8-HEX-40"])] = None,
    currency: Annotated[Code | None, Query(description="In this currency", examples=["EUR"])] = None,
    unit: Annotated[Code | None, Query(description="In this unit of measure", examples=["C62"])] = None,
) -> Scope:
    return Scope(category, site, business_unit, item, currency, unit)


async def _asked(
    tx: Tx,
    caller: Reader,
    window: AskedWindow,
    scope: Annotated[Scope, Depends(_scope)],
    supplier_id: Annotated[
        UUID | None, Query(description="Of this supplier; a supplier's own token asks for itself")
    ] = None,
) -> Asked:
    if is_future(window.question.as_of, tx.day):
        detail = "Nobody knows yet what will be."
        raise InvalidError("as_of_in_future", detail, errors=[FieldError("/query/as_of", detail)])
    if caller.is_supplier and supplier_id is None:
        supplier_id = caller.supplier_id
    if supplier_id is not None:
        await visible_supplier(tx, caller, supplier_id)
    elif caller.is_supplier:
        raise NotFoundError("supplier", "of this token")
    return Asked(window.question, scope, supplier_id)


AskedFacts = Annotated[Asked, Depends(_asked)]


@router.get("", summary="The KPIs")
async def list_kpis(tx: Tx, by: Reader) -> Page[KpiShown]:
    """List every KPI as it holds now, by its code."""
    kpis = await queries.kpis_in_force(tx)
    items = [KpiShown.of(kpi) for kpi in kpis if not (by.is_supplier and queries.is_ours(kpi))]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.get("/{code}", summary="A KPI")
async def get_kpi(code: Code, tx: Tx, by: Reader) -> KpiShown:
    """Return a KPI as it holds now."""
    return KpiShown.of(await _kpi(tx, by, code))


@router.get("/{code}/versions", summary="The versions of a KPI")
async def list_kpi_versions(
    code: Code, tx: Tx, by: Annotated[Principal, requires("performance:scores:read")]
) -> Page[KpiVersionShown]:
    """List what was written of a KPI, drafts too, the newest first; last what comes with us."""
    written = await queries.written(tx, code)
    items = [KpiVersionShown.of(code, version) for version in written]
    if code in SHIPPED:
        holds = all(version.status != Status.ACTIVE for version in written)
        items.append(KpiVersionShown.of_ours(SHIPPED[code], holds=holds))
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.post(
    "/{code}/versions", status_code=201, summary="Draft a KPI", responses={201: carries(ETAG, LOCATION)}
)
async def draft_kpi_version(
    code: Code, tx: Tx, by: Owner, body: KpiStated, response: Response
) -> KpiVersionShown:
    """Draft a KPI, or the next version of one; nothing is made by it before another has activated it."""
    version = await commands.draft(tx, body.kpi(code))
    response.headers["Location"] = f"{router.prefix}/{code}/versions/{version.number}"
    return _shown(code, version, response)


@router.get("/{code}/versions/{number}", summary="A version of a KPI", responses={200: carries(ETAG)})
async def get_kpi_version(
    code: Code,
    number: VersionNumber,
    tx: Tx,
    by: Annotated[Principal, requires("performance:scores:read")],
    response: Response,
) -> KpiVersionShown:
    """Return a version that people have written."""
    for version in await queries.written(tx, code):
        if version.number == number:
            return _shown(code, version, response)
    raise NotFoundError("kpi version", f"{number} of {code}")


@router.put("/{code}/versions/{number}", summary="Change a draft of a KPI")
async def change_kpi_version(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, body: KpiStated, response: Response
) -> KpiVersionShown:
    """State a draft anew, all of it; what was activated never changes."""
    return _shown(code, await commands.change(tx, number, seen, body.kpi(code, number)), response)


@router.post("/{code}/versions/{number}:activate", summary="Activate a version of a KPI")
async def activate_kpi_version(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, response: Response
) -> KpiVersionShown:
    """Let figures be made by a version from now on, of any day; who wrote any of it may not."""
    return _shown(code, await commands.activate(tx, code, number, seen), response)


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
) -> KpiFigurePage | KpiFigurePageForSupplier:
    """Return a KPI's figures over the facts of a window as of a day, with what other suppliers have.

    The window is of the day when facts were so (`happened` of GET /v1/facts). Suppliers see their own.
    """
    held = await _kpi(tx, caller, code)
    kpi = queries.counting(held)
    question = Asked(asked.question, asked.scope, asked.supplier_id, by)
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
    held = await _kpi(tx, caller, code)
    kpi = queries.counting(held)
    order = f"kpi evidence,{kpi.code},{kpi.number},{asked}"
    found = await queries.evidence(tx, kpi, asked, page, order)
    figures = await queries.figures(tx, kpi, asked, None, page.limit)
    hidden = {
        column.name for column in KINDS[kpi.definition.of].columns if column.ours and caller.is_supplier
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


async def _kpi(tx: Transaction, by: Principal, code: str) -> Kpi:
    kpi = await queries.kpi_in_force(tx, code)
    if by.is_supplier and queries.is_ours(kpi):
        raise NotFoundError("kpi", code)
    return kpi


def _shown(code: str, version: KpiVersion, response: Response) -> KpiVersionShown:
    set_etag(response, version)
    return KpiVersionShown.of(code, version)


def _head(kpi: Kpi, by: By | None, window: AskedWindow) -> FiguresHead:
    asked = window.question.window
    return FiguresHead(
        kpi=KpiShown.of(kpi), by=by, window_from=asked.first, window_to=asked.last, as_of=window.as_of
    )


def _place(figure: Figure) -> tuple[str, str, str]:
    return figure.key, figure.currency or "", figure.unit or ""


async def _named(tx: Transaction, figures: list[Figure], by: By | None) -> dict[str, SupplierReference]:
    if by is not By.SUPPLIER:
        return {}
    known = await suppliers.names(tx, [UUID(figure.key) for figure in figures])
    return {str(supplier_id): SupplierReference.of(one) for supplier_id, one in known.items()}

"""KPIs over HTTP: what holds."""

from __future__ import annotations

from fastapi import APIRouter

from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from supplier_performance.kpis import queries
from supplier_performance.kpis.api.asking import Reader, shown_kpi
from supplier_performance.kpis.views import KpiShown

router = APIRouter(prefix="/v1/kpis", tags=["kpis"], route_class=TransactionRoute)


@router.get("", summary="The KPIs")
async def list_kpis(tx: Tx, by: Reader) -> Page[KpiShown]:
    """List every KPI as it holds now, by its code."""
    kpis = await queries.kpis_in_force(tx)
    items = [KpiShown.of(kpi) for kpi in kpis if not (by.is_supplier and queries.is_ours(kpi))]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.get("/{code}", summary="A KPI")
async def getshown_kpi(code: Code, tx: Tx, by: Reader) -> KpiShown:
    """Return a KPI as it holds now."""
    return KpiShown.of(await shown_kpi(tx, by, code))

"""Kinds of fact over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.http.transaction import TransactionRoute
from purveyor.pages import Page
from supplier_performance.facts import queries
from supplier_performance.facts.views import FactKind

router = APIRouter(prefix="/v1/facts", tags=["kpis"], route_class=TransactionRoute)


@router.get("", summary="The kinds of fact")
async def list_fact_kinds(
    by: Annotated[Principal, requires("performance:scores:read", suppliers_too=True)],
) -> Page[FactKind]:
    """List what is known of suppliers, by kind, with every column that a KPI may be made of."""
    items = [FactKind.of(kind) for kind in queries.KINDS.values()]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)

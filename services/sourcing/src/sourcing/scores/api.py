"""Score histories over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from sourcing.scores import store
from sourcing.scores.views import PublishedScore
from sourcing.suppliers.store.rows import get_supplier

router = APIRouter(prefix="/v1/suppliers", tags=["reviews"], route_class=TransactionRoute)


@router.get("/{supplier_id}/scores")
async def list_supplier_scores(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:suppliers:read", suppliers_too=True)],
    supplier_id: UUID,
    asked: Annotated[Listed, listed(store.SCORES, PublishedScore)],
) -> Page[PublishedScore]:
    """List a supplier's scores, the latest first unless another order is asked for."""
    if not by.may_see_supplier(supplier_id):
        raise NotFoundError("supplier", supplier_id)
    await get_supplier(tx, supplier_id)
    return asked.page(await store.find_scores(tx, supplier_id, asked), PublishedScore.model_validate)

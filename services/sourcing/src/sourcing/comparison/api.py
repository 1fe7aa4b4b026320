"""Suppliers side by side over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from purveyor.auth import Principal, requires
from purveyor.http.transaction import TransactionRoute, Tx
from sourcing.comparison import queries
from sourcing.comparison.rules import FEWEST, MOST
from sourcing.comparison.views import SupplierComparison
from sourcing.risk.queries import ConfirmedHits
from sourcing.suppliers.views.shown import ID

router = APIRouter(prefix="/v1", tags=["suppliers"], route_class=TransactionRoute)


async def _confirmed_hits(request: Request) -> ConfirmedHits:
    found: ConfirmedHits = request.app.state.confirmed_hits
    return found


@router.get("/suppliers:compare")
async def compare_suppliers(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:risk:read")],
    confirmed: Annotated[ConfirmedHits, Depends(_confirmed_hits)],
    ids: Annotated[
        list[UUID],
        Query(
            alias="id",
            min_length=FEWEST,
            max_length=MOST,
            description="Whom to compare: repeat it, in the order in which they are to stand, each once",
            examples=[[ID, "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a11"]],
        ),
    ],
) -> SupplierComparison:
    """Compare up to ten suppliers side by side, as of today.

    Where they stand, what they are approved and qualified for and until when, which documents are missing or
    end soon, scores, risks, blocks, what is spent with them, and their places in the portfolio.
    """
    return SupplierComparison.of(*await queries.compare(tx, ids, confirmed))

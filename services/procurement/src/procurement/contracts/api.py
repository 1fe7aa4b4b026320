"""Route of contract prices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from procurement.contracts.queries import contract_price
from procurement.contracts.rules import Wanted
from procurement.contracts.views import ContractPriceAnswer
from procurement.fields import Quantity
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.texts import Code, ItemCode
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/contract-price", tags=["contract prices"], route_class=TransactionRoute)
OURS = tuple(role for role in Role if role is not Role.SUPPLIER)
Reader = Annotated[Principal, requires("procurement:orders:read", *OURS)]


@router.get("", summary="Find a contract price")
async def get_contract_price(
    tx: Tx,
    by: Reader,
    supplier_id: Annotated[UUID, Query(description="Of whom it is bought")],
    item: Annotated[ItemCode, Query(description="The buyer's item number", examples=["M8-A2"])],
    category: Annotated[Code, Query(description="What it is of", examples=["fasteners"])],
    unit: Annotated[Code, Query(description="UN/ECE Recommendation 20 code", examples=["C62"])],
    quantity: Annotated[Quantity, Query(description="How much of it, at once", examples=["5000"])],
    currency: CurrencyCode,
    day: Annotated[Day | None, Query(description="When it is ordered; today (UTC) when left out")] = None,
    site: Annotated[Code | None, Query(description="Where it is delivered", examples=["AUG1"])] = None,
) -> ContractPriceAnswer:
    """Find what something costs by a contract of a supplier, with the arithmetic, or why by none.

    The item's line comes before its category's and those above, the site's before that for anywhere.
    """
    wanted = Wanted(item, (), site, unit, quantity, currency, day or tx.day)
    return ContractPriceAnswer.of(await contract_price(tx, supplier_id, category, wanted))

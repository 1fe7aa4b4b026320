"""Routes of the copy of categories; they are read here and changed in sourcing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from supplier_performance.categories import queries
from supplier_performance.categories.views import Category

router = APIRouter(prefix="/v1/categories", tags=["categories"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("performance:scores:read")]


@router.get("/{code}", summary="Read a category")
async def get_category(code: Code, tx: Tx, by: Reader) -> Category:
    """Read a category and what it lies in, as far as this service has heard."""
    return Category.model_validate(await queries.category_called(tx, code))


@router.get("", summary="Find categories")
async def list_categories(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.CATEGORIES, Category)]
) -> Page[Category]:
    """Find categories, by their codes unless another order is asked for."""
    return asked.page(await queries.find_categories(tx, asked), Category.model_validate)

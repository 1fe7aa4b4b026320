"""A subscriber's copy of categories over HTTP: read here, changed in sourcing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.lists import Filter, Listing, both_ways, equal, find
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.known_categories.model import KnownCategory

Read = Callable[[Transaction, str], Awaitable[KnownCategory]]
"""Returns a category by its code: a service refuses an unknown one with a code of its own page."""


class CategoryName(BaseModel):
    """What a category is called in a language."""

    language: str
    name: str


class Category(BaseModel):
    """A category as sourcing described it last."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "code": "bolts",
                    "names": [{"language": "en", "name": "Bolts"}],
                    "parent": "fasteners",
                    "ancestors": ["fasteners", "metals"],
                    "unspsc": "31161600",
                    "cpv": "44531400-5",
                    "retired_on": None,
                    "changed_at": "2026-03-02T09:30:00Z",
                }
            ]
        },
    )

    code: str
    names: list[CategoryName]
    parent: str | None
    ancestors: list[str] = Field(description="What it lies in, the nearest first: their approvals cover it")
    unspsc: str | None
    cpv: str | None
    retired_on: date | None = Field(description="From then on nothing new is begun in it")
    changed_at: datetime = Field(description="When this service heard of the last change")


def categories_router(model: type[KnownCategory], scope: str, read: Read) -> APIRouter:
    """Return the routes of a service's copy, for who has the scope; `read` raises NotFoundError."""
    router = APIRouter(prefix="/v1/categories", tags=["categories"], route_class=TransactionRoute)
    reader: Principal = requires(scope)
    asking: Any = listed(listing_of(model), Category)

    @router.get("/{code}", summary="Read a category")
    async def get_category(code: Code, tx: Tx, by: Principal = reader) -> Category:
        """Read a category and what it lies in, as far as this service has heard."""
        return Category.model_validate(await read(tx, code))

    @router.get("", summary="Find categories")
    async def list_categories(tx: Tx, by: Principal = reader, asked: Listed = asking) -> Page[Category]:
        """Find categories, by their codes unless another order is asked for."""
        return asked.page(await find(tx, select(model), asked), Category.model_validate)

    return router


def listing_of(model: type[KnownCategory]) -> Listing:
    """Return what a list of a service's copy can be asked."""
    return Listing(
        name="categories",
        id=model.code,
        id_name="code",
        id_kind=Code,
        filters=(
            equal("parent", Code, model.parent, "What it lies in directly", example="fasteners"),
            Filter(
                name="lies_in",
                kind=Code,
                test=lambda code: model.ancestors.contains([code]),
                description="What it lies in, however deep",
                example="metals",
            ),
        ),
        sorts=both_ways("code", model.code),
        changed=model.changed_in,
    )

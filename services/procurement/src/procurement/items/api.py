"""Routes of items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from procurement.items import commands, model, queries
from procurement.items.commands import StatedItem
from procurement.items.queries import ITEMS
from procurement.items.rules.definitions import DECIDERS
from procurement.items.views import Item, ItemIn, ItemRow
from procurement.stated import Put, stated_as
from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.db import Transaction
from purveyor.errors import NotFoundError, ProblemError
from purveyor.http import bulk
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/items", tags=["items"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:items:read")]
Writer = Annotated[
    Principal, requires("procurement:items:write", Role.BUYER, Role.CATEGORY_MANAGER, Role.ADMIN)
]


@router.put(
    "/{code}",
    summary="Create or change an item",
    responses={201: {"model": Item, "description": "Created"}},
)
async def put_item(
    code: Code, body: ItemIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> Item:
    """Create an item, or change one (with its ETag); repeating what is already so changes nothing.

    What is left out of an item that exists is taken off it. Its tolerances, and what its units hold once they
    are known, are a category manager's to say. One that is bought no more is retired from a day
    on; it is never deleted, because orders name it.
    """
    done = await commands.put_item(tx, StatedItem(code, body.content(), seen, decides=_decides(by)))
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return Item.model_validate(done.row)


@router.get("/{code}", summary="Read an item", responses={200: carries(ETAG)})
async def get_item(code: Code, response: Response, tx: Tx, by: Reader) -> Item:
    """Read an item."""
    item = await stated_as(tx, model.Item, code, NotFoundError("item", code))
    set_etag(response, item)
    return Item.model_validate(item)


@router.get("", summary="Find items")
async def list_items(tx: Tx, by: Reader, asked: Annotated[Listed, listed(ITEMS, Item)]) -> Page[Item]:
    """Find items, by their codes unless another order is asked for."""
    return asked.page(await queries.find_items(tx, asked), Item.model_validate)


def _decides(by: Principal) -> bool:
    return not by.roles.isdisjoint(DECIDERS)


def taking(*, decides: bool) -> Callable[[UUID | None], SetCommand[ItemRow]]:
    """Return what returns what takes items, of people who decide how much may come of them, or do not."""

    async def take(tx: Transaction, items: Sequence[ItemRow]) -> list[BulkOutcome | ProblemError]:
        stated = [
            StatedItem(one.code, one.content(), one.seen, overwrite=True, decides=decides) for one in items
        ]
        return [_outcome(done) for done in await commands.put_items(tx, stated)]

    return lambda _proposal: take


BULK = bulk.Kind("put-items", ItemRow, many=taking(decides=True))
BULK_OF_BUYERS = bulk.Kind("put-items-of-buyers", ItemRow, many=taking(decides=False))


@router.post(":bulk", summary="Create and change items in bulk", **bulk.route(BULK))
async def put_items(by: Writer, rows: bulk.Bulk) -> Response:
    """Create items and change those that exist: NDJSON or CSV, an item a row. The same again changes nothing.

    A row is the whole item. It changes one that exists whatever that says now, unless the row names the
    version that it means.
    """
    return await rows.take(BULK if _decides(by) else BULK_OF_BUYERS)


def _outcome(done: Put[model.Item] | ProblemError) -> BulkOutcome | ProblemError:
    if isinstance(done, ProblemError):
        return done
    if done.created:
        return BulkOutcome("created", done.row.code)
    return BulkOutcome("updated" if done.changed else "unchanged", done.row.code)

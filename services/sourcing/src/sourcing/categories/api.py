"""Routes of categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.pages import Paging
from purveyor.http.preconditions import IfMatch, IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Why
from purveyor_contract.roles import Role
from sourcing.categories import commands, model, queries
from sourcing.categories.commands import Put, StatedCategory
from sourcing.categories.views import (
    Category,
    CategoryIn,
    CategoryListed,
    CategoryRow,
    CategoryVersion,
)

router = APIRouter(prefix="/v1/categories", tags=["categories"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:categories:read")]
Writer = Annotated[Principal, requires("sourcing:categories:write", Role.CATEGORY_MANAGER, Role.ADMIN)]


BY_NUMBER = "version"


class WithWhy(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Bought as a part of hardware"}]}
    )

    reason: Why


@router.put(
    "/{code}",
    summary="Create or change a category",
    responses={201: {"model": Category, "description": "Created"}},
)
async def put_category(
    code: Code, body: CategoryIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> Category:
    """Create a category, or change one (with its ETag); repeating what is already so changes nothing.

    Another `parent` than it has is proposed (`proposed_parent`), and is its own once somebody else confirms
    that: POST /v1/categories/{code}:confirm-move.
    """
    done = await commands.put_category(tx, StatedCategory(code, body.content(), seen))
    response.status_code = 201 if done.created else 200
    return await _shown(tx, response, done.row)


@router.get("/{code}", summary="Read a category", responses={200: carries(ETAG)})
async def get_category(code: Code, response: Response, tx: Tx, by: Reader) -> Category:
    """Read a category and what it lies in."""
    return await _shown(tx, response, await queries.category_called(tx, code))


@router.get("", summary="Find categories")
async def list_categories(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.CATEGORIES, CategoryListed)]
) -> Page[CategoryListed]:
    """Find categories, by their codes unless another order is asked for."""
    return asked.page(await queries.find_categories(tx, asked), CategoryListed.model_validate)


@router.get("/{code}/versions", summary="List a category's versions")
async def list_category_versions(code: Code, tx: Tx, by: Reader, page: Paging) -> Page[CategoryVersion]:
    """List what was stated of a category from the first time on: by whom, and from when on it held."""
    last = page.after(BY_NUMBER, int)
    found = await queries.versions_of(tx, code, 0 if last is None else int(str(last[0])), page.limit + 1)
    return page.of(found, BY_NUMBER, lambda one: (one.number,), CategoryVersion.model_validate)


@router.post("/{code}:retire", summary="Retire a category")
async def retire_category(
    code: Code, body: WithWhy, response: Response, tx: Tx, by: Writer, seen: IfMatch
) -> Category:
    """Begin nothing new in a category: no supplier offers it or is approved for it anew.

    Approvals that stand go on until their last day. What lies in it is retired or moved first.
    """
    return await _shown(tx, response, await commands.retire(tx, code, seen, body.reason))


@router.post("/{code}:reinstate", summary="Reinstate a category")
async def reinstate_category(
    code: Code, body: WithWhy, response: Response, tx: Tx, by: Writer, seen: IfMatch
) -> Category:
    """Use a category again that was retired."""
    return await _shown(tx, response, await commands.reinstate(tx, code, seen, body.reason))


@router.post("/{code}:confirm-move", summary="Confirm a category's move")
async def confirm_category_move(
    code: Code, response: Response, tx: Tx, by: Writer, seen: IfMatch
) -> Category:
    """Let a category lie where somebody else proposed it to lie, with all that lies in it.

    From now on who is approved for what it lies in may be ordered from in it, and who was approved for what
    it lay in before may not. Past orders stay.
    """
    return await _shown(tx, response, await commands.confirm_move(tx, code, seen))


@router.post("/{code}:refuse-move", summary="Refuse a category's move")
async def refuse_category_move(
    code: Code, body: WithWhy, response: Response, tx: Tx, by: Writer, seen: IfMatch
) -> Category:
    """Let a category lie where it lies; who proposed another place takes that back by this, too."""
    return await _shown(tx, response, await commands.refuse_move(tx, code, seen, body.reason))


def taking(_proposal: UUID | None) -> SetCommand[CategoryRow]:
    """Return what takes categories."""

    async def take(tx: Transaction, rows: Sequence[CategoryRow]) -> list[BulkOutcome | ProblemError]:
        stated = [StatedCategory(one.code, one.content(), one.seen, overwrite=True) for one in rows]
        return [_outcome(done) for done in await commands.put_categories(tx, stated)]

    return take


BULK = bulk.Kind("put-categories", CategoryRow, many=taking)


@router.post(":bulk", summary="Create and change categories in bulk", **bulk.route(BULK))
async def put_categories(by: Writer, rows: bulk.Bulk) -> Response:
    """Create categories and change those that exist: NDJSON or CSV, a category a row, parents first.

    A row is the whole category. It changes one that exists whatever that says now, unless the row names the
    version that it means. What is to lie elsewhere answers `proposed`: somebody else confirms that.
    """
    return await rows.take(BULK)


async def _shown(tx: Transaction, response: Response, category: model.Category) -> Category:
    set_etag(response, category)
    shown = CategoryListed.model_validate(category).model_dump()
    return Category(**shown, ancestors=list(await queries.ancestors_of(tx, category.code)))


def _outcome(done: Put | ProblemError) -> BulkOutcome | ProblemError:
    if isinstance(done, ProblemError):
        return done
    if done.created:
        return BulkOutcome("created", done.row.code)
    if done.proposed:
        return BulkOutcome("proposed", done.row.code)
    return BulkOutcome("updated" if done.changed else "unchanged", done.row.code)

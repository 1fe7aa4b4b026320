"""Lists as routes take them: query parameters, OpenAPI's too, are made of what a `Listing` declares."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model, model_validator

from purveyor.auth import authenticate, refuse_to_suppliers
from purveyor.changes import MARK
from purveyor.errors import FieldError, InvalidError
from purveyor.http.accepted import takes
from purveyor.http.pages import link_next
from purveyor.lists import COUNTED, MOST_VALUES, UPDATED, Asked, Filter, Found, Listing
from purveyor.pages import CURSOR, DEFAULT_LIMIT, HIGHEST_LIMIT, LONGEST_CURSOR, Page
from purveyor.texts import TextKind

Mark = Annotated[
    str,
    TextKind(30, form="NFKC"),
    Field(pattern=MARK),
    # Said twice: what is checked behind a TextKind, pydantic leaves out of the schema.
    WithJsonSchema({"type": "string", "pattern": MARK, "examples": ["3f2a9c01-48201733"]}),
]
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Asked):
    """What a request asks of a list, and the response that says where it goes on."""

    request: Request
    response: Response

    def page(self, found: Found[R], show: Callable[[R], T]) -> Page[T]:
        """Return the page that is answered; the header `Link` names the next one."""
        link_next(self.request, self.response, found.next_cursor)
        return found.shown(show)


def listed(listing: Listing, model: type[BaseModel], for_suppliers: type[BaseModel] | None = None) -> Any:
    """Declare what a route takes of a list; it stands in an `Annotated[Listed, …]`.

    The models say which fields can be picked; a supplier picks of those that it is shown.
    """
    filters = listing.all_filters()

    async def read(request: Request, response: Response, **given: Any) -> Listed:
        by = await authenticate(request)
        shown = for_suppliers if by.is_supplier and for_suppliers is not None else model
        refuse_to_suppliers(by, **{one.name: given[one.name] for one in filters if one.ours})
        _pick(request, given["fields"], shown)
        _expect_ranges(filters, given)
        return Listed(
            listing=listing,
            filters={one.name: given[one.name] for one in filters if given[one.name] is not None},
            sort=given["sort"],
            updated_after=given.get("updated_after"),
            total=given["total"],
            limit=given["limit"],
            cursor=given["cursor"],
            request=request,
            response=response,
        )

    parameters = [
        Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request),
        Parameter("response", Parameter.KEYWORD_ONLY, annotation=Response),
        *map(_filter, filters),
        *_of_all_lists(listing, model),
    ]
    read.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return Depends(read)


def search_form(listing: Listing, name: str) -> type[BaseModel]:
    """Return the form of a question to a list that is kept: its filters and its sort, as its parameters are.

    Whoever takes one reads its filters by `filters_of`.
    """
    filters = listing.all_filters()

    def check(stated: BaseModel) -> BaseModel:
        if wrong := list(_reversed(filters, vars(stated))):
            raise ValueError("; ".join(f"{one.name}: {why}" for one, why in wrong))
        return stated

    validators: dict[str, Any] = {"check": model_validator(mode="after")(check)}
    fields: dict[str, Any] = {
        one.name: (_kind(one), _asked(one, partial(Field, default=None))) for one in filters
    }
    form_of_filters = create_model(
        f"{name}Filters",
        __config__=ConfigDict(extra="forbid"),
        __doc__=f"Filters of the list of {listing.name}: what is left out or null is not asked.",
        __validators__=validators,
        **fields,
    )
    sorts = list(listing.all_sorts())
    order = f"From the lowest, with `-` from the highest; `{sorts[0]}` when left out"
    sort: Any = _one_of(sorts) | None
    form: type[BaseModel] = create_model(
        name, filters=(form_of_filters, ...), sort=(sort, Field(default=None, description=order))
    )
    return form


def filters_of(listing: Listing, stated: BaseModel) -> dict[str, Any]:
    """Return the values of the filters of a form, by their names, as `Asked` has them."""
    given = {one.name: getattr(stated, one.name) for one in listing.all_filters()}
    return {name: value for name, value in given.items() if value is not None}


def _filter(one: Filter) -> Parameter:
    return _parameter(one.name, Annotated[_kind(one), _asked(one, Query)], None)


def _kind(one: Filter) -> Any:
    return list[one.kind] | None if one.several else one.kind | None  # type: ignore[name-defined]


def _asked(one: Filter, of: Callable[..., Any]) -> Any:
    """Return what is said of a filter, as a query's parameter or as a field."""
    if not one.several:
        return of(description=one.description, examples=None if one.example is None else [one.example])
    return of(
        description=f"{one.description}; repeated: any of them",
        examples=None if one.example is None else [[one.example]],
        min_length=1,
        max_length=MOST_VALUES,
    )


def _of_all_lists(listing: Listing, model: type[BaseModel]) -> Iterator[Parameter]:
    sorts = list(listing.all_sorts())
    by_change = ""
    if listing.changed is not None:
        by_change = f"; `{UPDATED}` with `updated_after`"
        changed = Query(
            description="What changed since the first page of an earlier walk, whose answers said "
            "`next_updated_after`; a change may be answered twice, and none is missed",
        )
        yield _parameter("updated_after", Annotated[Mark | None, changed], None)
    order = Query(
        description=f"From the lowest, with `-` from the highest; `{sorts[0]}` when left out{by_change}",
        examples=[sorts[-1]],
    )
    yield _parameter("sort", Annotated[_one_of(sorts) | None, order], None)
    names = tuple(_names(model))
    fields = Query(
        description="Answer these fields of each item only: repeat it for several. The answer is then "
        f"`{SPARSE}`, or called `{JSON}` to a caller whose Accept takes that alone",
        examples=[[names[0]]],
        min_length=1,
    )
    some_names: Any = list[_one_of(names)]  # type: ignore[misc]
    yield _parameter("fields", Annotated[some_names | None, fields], None)
    total = Query(description=f"Whether to count them all, up to {COUNTED:,}")
    yield _parameter("total", Annotated[bool, total], default=False)
    limit = Query(ge=1, le=HIGHEST_LIMIT, description="Items on a page")
    yield _parameter("limit", Annotated[int, limit], DEFAULT_LIMIT)
    cursor = Query(
        max_length=LONGEST_CURSOR,
        pattern=CURSOR,
        description="`next_cursor` of the page before, with the same filters and sort",
    )
    yield _parameter("cursor", Annotated[str | None, cursor], None)


def _one_of(names: Sequence[str]) -> Any:
    return Literal[tuple(names)]


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


JSON = "application/json"
SPARSE = "application/vnd.purveyor.sparse+json"
"""A page of items that hold only what was picked: another representation, so that the usual one is whole."""


class SparsePage(Page[dict[str, Any]]):
    """A page of which each item holds the picked fields only."""


def _names(model: type[BaseModel]) -> Sequence[str]:
    return [field.serialization_alias or name for name, field in model.model_fields.items()]


def _expect_ranges(filters: Sequence[Filter], given: Mapping[str, Any]) -> None:
    """Raise InvalidError naming ranges that end before they begin: nothing is in them."""
    errors = [FieldError(f"/query/{one.name}", why) for one, why in _reversed(filters, given)]
    if errors:
        raise InvalidError("range_reversed", "A range ends before it begins.", errors=errors)


def _reversed(filters: Sequence[Filter], given: Mapping[str, Any]) -> Iterator[tuple[Filter, str]]:
    for one in filters:
        if one.ends is None or given[one.name] is None or given[one.ends] is None:
            continue
        if given[one.name] < given[one.ends]:
            yield one, f"{given[one.name]} lies before {one.ends}, {given[one.ends]}"


def _pick(request: Request, fields: list[str] | None, shown: type[BaseModel]) -> None:
    known = _names(shown)
    if fields is None:
        return
    if unknown := [name for name in fields if name not in known]:
        raise InvalidError(
            "field_unknown",
            f"The items have no such field; they have {', '.join(known)}.",
            errors=[FieldError("/query/fields", f"{name} is no field here") for name in unknown],
        )
    request.state.picked_fields = frozenset(fields)


def sparse(request: Request, response: Response) -> Response:
    """Return an answer with the picked fields of its items, or as it is when none were picked."""
    picked: frozenset[str] | None = getattr(request.state, "picked_fields", None)
    if picked is None or response.status_code != 200:
        return response
    page = json.loads(bytes(response.body))
    page["items"] = [{name: item[name] for name in item if name in picked} for item in page["items"]]
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    media_type = SPARSE if takes(accept, (SPARSE,)) else JSON
    return Response(json.dumps(page, ensure_ascii=False), headers=kept, media_type=media_type)

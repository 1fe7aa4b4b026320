"""Routes of people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from procurement.people import commands, model, queries
from procurement.people.queries import PEOPLE
from procurement.people.views import Person, PersonIn
from procurement.stated import stated_as
from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:organisation:read")]
Writer = Annotated[Principal, requires("procurement:organisation:write", Role.ADMIN)]


@router.put(
    "/{code}",
    summary="Create or change a person",
    responses={201: {"model": Person, "description": "Created"}},
)
async def put_person(
    code: Code, body: PersonIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> Person:
    """Say who somebody is in tokens, who stands above, and how much they approve; or change it (ETag).

    Nobody stands above themselves, by however many others. Who leaves is given a last day.
    """
    done = await commands.put_person(tx, code, body.stated(), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return Person.of(done.row)


@router.get("/{code}", summary="Read a person", responses={200: carries(ETAG)})
async def get_person(code: Code, response: Response, tx: Tx, by: Reader) -> Person:
    """Read somebody."""
    found = await stated_as(tx, model.Person, code, NotFoundError("person", code))
    set_etag(response, found)
    return Person.of(found)


@router.get("", summary="List people")
async def list_people(tx: Tx, by: Reader, asked: Annotated[Listed, listed(PEOPLE, Person)]) -> Page[Person]:
    """List people, by their codes unless another order is asked for."""
    return asked.page(await queries.find_people(tx, asked), Person.of)

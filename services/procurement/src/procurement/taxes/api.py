"""Routes of tax codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from procurement.stated import stated_as
from procurement.taxes import commands, model, queries
from procurement.taxes.queries import TAX_CODES
from procurement.taxes.views import TaxCode, TaxCodeIn
from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/tax-codes", tags=["taxes"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:taxes:read")]
Writer = Annotated[Principal, requires("procurement:taxes:write", Role.ACCOUNTS_PAYABLE, Role.ADMIN)]


@router.put(
    "/{code}",
    summary="Create or change a tax code",
    responses={201: {"model": TaxCode, "description": "Created"}},
)
async def put_tax_code(
    code: Code, body: TaxCodeIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> TaxCode:
    """Create a tax code, or change one (with its ETag); repeating what is already so changes nothing.

    A new rate is a new period beside those of before.
    """
    done = await commands.put_tax_code(tx, code, body.content(), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return TaxCode.model_validate(done.row)


@router.get("/{code}", summary="Read a tax code", responses={200: carries(ETAG)})
async def get_tax_code(code: Code, response: Response, tx: Tx, by: Reader) -> TaxCode:
    """Read a tax code."""
    found = await stated_as(tx, model.TaxCode, code, NotFoundError("tax code", code))
    set_etag(response, found)
    return TaxCode.model_validate(found)


@router.get("", summary="List tax codes")
async def list_tax_codes(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(TAX_CODES, TaxCode)]
) -> Page[TaxCode]:
    """List tax codes, by their codes unless another order is asked for."""
    return asked.page(await queries.find_tax_codes(tx, asked), TaxCode.model_validate)

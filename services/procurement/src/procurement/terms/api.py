"""Routes of terms: of payment, and of delivery."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from procurement.fields import Price
from procurement.stated import stated_as
from procurement.terms import commands, model, queries
from procurement.terms.queries import PAYMENT_TERMS
from procurement.terms.rules import payment
from procurement.terms.rules.incoterms import INCOTERMS_2020
from procurement.terms.views import (
    DueAmount,
    DueAmounts,
    Incoterm,
    Incoterms,
    PaymentTerms,
    PaymentTermsIn,
)
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode, Money
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1", tags=["terms"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:terms:read")]
Writer = Annotated[Principal, requires("procurement:terms:write", Role.CATEGORY_MANAGER, Role.ADMIN)]


@router.put(
    "/payment-terms/{code}",
    summary="Create or change terms of payment",
    responses={201: {"model": PaymentTerms, "description": "Created"}},
)
async def put_payment_terms(
    code: Code, body: PaymentTermsIn, response: Response, tx: Tx, by: Writer, seen: IfMatchWhenPresent = None
) -> PaymentTerms:
    """Create terms of payment, or change them (with their ETag); the same again changes nothing."""
    done = await commands.put_payment_terms(tx, code, body.content(), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return PaymentTerms.model_validate(done.row)


@router.get("/payment-terms/{code}", summary="Read terms of payment", responses={200: carries(ETAG)})
async def get_payment_terms(code: Code, response: Response, tx: Tx, by: Reader) -> PaymentTerms:
    """Read terms of payment."""
    found = await stated_as(tx, model.PaymentTerms, code, NotFoundError("payment terms", code))
    set_etag(response, found)
    return PaymentTerms.model_validate(found)


@router.get("/payment-terms/{code}/due", summary="Say when an amount falls due")
async def get_payment_terms_due(
    code: Code,
    tx: Tx,
    by: Reader,
    day: Annotated[Day, Query(description="What the days are counted from, mostly the invoice's day")],
    amount: Annotated[Price, Query(description="What is owed in all")],
    currency: CurrencyCode,
    paid_on: Annotated[Day | None, Query(description="To ask what paying on this day takes off")] = None,
) -> DueAmounts:
    """Say when which part of an amount falls due on these terms, and what paying early takes off."""
    found = await stated_as(tx, model.PaymentTerms, code, NotFoundError("payment terms", code))
    terms = payment.PaymentTerms.of(found.instalments, found.discounts)
    falls = payment.due(terms, day, amount, currency)
    taken_off = payment.discount(terms, day, paid_on or falls[-1].on, amount, currency)
    return DueAmounts(
        items=[DueAmount(due_on=one.on, amount=Money(amount=one.amount, currency=currency)) for one in falls],
        discount=Money(amount=taken_off, currency=currency),
    )


@router.get("/payment-terms", summary="List terms of payment")
async def list_payment_terms(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(PAYMENT_TERMS, PaymentTerms)]
) -> Page[PaymentTerms]:
    """List terms of payment, by their codes unless another order is asked for."""
    return asked.page(await queries.find_payment_terms(tx, asked), PaymentTerms.model_validate)


@router.get("/incoterms", summary="List terms of delivery")
async def list_incoterms(by: Reader) -> Incoterms:
    """List the eleven Incoterms rules of 2020; older ones are known on imports of the past only."""
    return Incoterms(items=[Incoterm.model_validate(rule) for rule in INCOTERMS_2020.values()])

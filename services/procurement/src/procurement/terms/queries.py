"""Reads of terms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_, select

from procurement.terms.model import PaymentTerms
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, find
from purveyor.texts import Code


def _is_valid(day: date) -> ColumnElement[bool]:
    begun = or_(PaymentTerms.valid_from.is_(None), PaymentTerms.valid_from <= day)
    return begun & or_(PaymentTerms.valid_to.is_(None), PaymentTerms.valid_to >= day)


PAYMENT_TERMS = Listing(
    name="payment-terms",
    id=PaymentTerms.code,
    id_name="code",
    id_kind=Code,
    filters=(
        Filter(name="valid_on", kind=Day, test=_is_valid, description="What may be agreed on this day"),
    ),
    sorts=both_ways("code", PaymentTerms.code),
    changed=PaymentTerms.changed_in,
)


async def find_payment_terms(tx: Transaction, asked: Asked) -> Found[PaymentTerms]:
    """Return a page of terms of payment."""
    return await find(tx, select(PaymentTerms), asked)


async def payment_terms_called(tx: Transaction, code: str) -> PaymentTerms | None:
    """Return terms of payment; None where there are none, as orders of the past may name them."""
    return await tx.session.get(PaymentTerms, code)

"""Reads of terms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from procurement.terms.model import PaymentTerms
from purveyor.db import Transaction
from purveyor.pages import PageRequest, Sort

BY_CODE = Sort("code", PaymentTerms.code)


async def find_payment_terms(tx: Transaction, valid_on: date | None, page: PageRequest) -> list[PaymentTerms]:
    """Return terms of payment by their codes; those of a day, if one is named."""
    statement = select(PaymentTerms)
    if valid_on is not None:
        begun, ended = PaymentTerms.valid_from, PaymentTerms.valid_to
        statement = statement.where(
            or_(begun.is_(None), begun <= valid_on), or_(ended.is_(None), ended >= valid_on)
        )
    return list(await tx.session.scalars(BY_CODE.select(statement, page)))

"""Reads of tax codes."""

from __future__ import annotations

from sqlalchemy import select

from procurement.taxes.model import TaxCode
from purveyor.db import Transaction
from purveyor.pages import PageRequest, Sort

BY_CODE = Sort("code", TaxCode.code)


async def find_tax_codes(tx: Transaction, country: str | None, page: PageRequest) -> list[TaxCode]:
    """Return tax codes; those of a country, if one is named."""
    statement = select(TaxCode)
    if country is not None:
        statement = statement.where(TaxCode.country == country)
    return list(await tx.session.scalars(BY_CODE.select(statement, page)))

"""Reads of tax codes."""

from __future__ import annotations

from sqlalchemy import select

from procurement.amounts.rules.categories import TaxCategory
from procurement.taxes.model import TaxCode
from purveyor.countries import Country
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.texts import Code

TAX_CODES = Listing(
    name="tax-codes",
    id=TaxCode.code,
    id_name="code",
    id_kind=Code,
    filters=(
        equal("country", Country, TaxCode.country, "Whose tax it is", example="DE"),
        equal("category", TaxCategory, TaxCode.category, "As EN 16931 has them", example="S"),
    ),
    sorts=both_ways("code", TaxCode.code),
    changed=TaxCode.changed_in,
)


async def find_tax_codes(tx: Transaction, asked: Asked) -> Found[TaxCode]:
    """Return a page of tax codes."""
    return await find(tx, select(TaxCode), asked)

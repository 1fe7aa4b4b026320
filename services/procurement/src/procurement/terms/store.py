"""Terms in SQL: what orders may know of them, declared here for them to compose."""

from __future__ import annotations

from procurement.terms.rules.ordering import NamedTerms
from purveyor.db import Transaction
from purveyor.sql import Statement

NAMED = """
SELECT terms.code AS terms, terms.valid_from AS terms_from, terms.valid_to AS terms_to
FROM (SELECT) AS order_of LEFT JOIN payment_terms AS terms ON terms.code = {payment_terms}
"""
"""Terms of payment that an order names; null where they do not exist, or none are named."""

FIND_NAMED = Statement(NamedTerms, NAMED, payment_terms=":payment_terms")


async def named(tx: Transaction, payment_terms: str | None) -> NamedTerms:
    """Return what is known of terms of payment, if some are named."""
    return await FIND_NAMED.one(tx.connection, payment_terms=payment_terms)

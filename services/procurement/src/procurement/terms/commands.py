"""What can be done with terms: they are stated, and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.periods import check_period
from procurement.stated import Put, put
from procurement.terms.model import PaymentTerms
from procurement.terms.rules import payment
from purveyor.db import Transaction
from purveyor.versions import Seen


async def put_payment_terms(
    tx: Transaction, code: str, stated: Mapping[str, Any], seen: Seen | None
) -> Put[PaymentTerms]:
    """Create terms of payment, or change them as their caller saw them."""
    check_period(stated["valid_from"], stated["valid_to"])
    payment.check_terms(payment.PaymentTerms.of(stated["instalments"], stated["discounts"]))
    return await put(tx, PaymentTerms, code, stated, seen)

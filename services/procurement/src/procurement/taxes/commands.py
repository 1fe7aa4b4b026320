"""What can be done with tax codes: they are stated, with all their periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.stated import Put, put
from procurement.taxes import rules
from procurement.taxes.model import TaxCode
from purveyor.db import Transaction
from purveyor.versions import Seen


async def put_tax_code(
    tx: Transaction, code: str, stated: Mapping[str, Any], seen: Seen | None
) -> Put[TaxCode]:
    """Create a tax code, or change it as its caller saw it."""
    rules.check_tax_code(rules.TaxCode.of(stated["category"], stated["reverse_charge"], stated["periods"]))
    return await put(tx, TaxCode, code, stated, seen)

"""Tax codes in SQL: what they say of a day, declared here for orders to compose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from procurement.taxes.rules import TaxCode
from purveyor.db import Transaction
from purveyor.sql import Statement

RATES = """
SELECT jsonb_agg(
  jsonb_build_object(
    'code', code, 'category', category, 'rate', CASE WHEN reverse_charge THEN '0' ELSE period.rate END)
  ORDER BY code)
FROM tax_code
CROSS JOIN LATERAL jsonb_to_recordset(periods) AS period (valid_from date, valid_to date, rate text)
WHERE code = ANY({codes}) AND {day} BETWEEN period.valid_from AND coalesce(period.valid_to, 'infinity')
"""
"""How a document of a day is taxed by some codes, as `TaxCode.taxation` says it; null: no code says it."""


def _coded(code: str, category: str, reverse_charge: bool, periods: Any) -> tuple[str, TaxCode]:
    return code, TaxCode.of(category, reverse_charge, periods)


FIND = Statement(
    _coded, "SELECT code, category, reverse_charge, periods FROM tax_code WHERE code = ANY(:codes)"
)


async def known(tx: Transaction, codes: Collection[str]) -> dict[str, TaxCode]:
    """Return those of some tax codes that exist."""
    return dict(await FIND.all(tx.connection, codes=list(codes)))

"""When two invoices are one: the same number however it is spelled, or so alike that somebody looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from purveyor.texts import comparable

PARTS = re.compile(r"[0-9]+|[^\W_0-9]+")
ALIKE_WITHIN = timedelta(days=31)
"""Two invoices over the same amount are looked at when their days lie no further apart."""


def number_key(number: str) -> str:
    """Return what an invoice is known by: its number without blanks, dashes and leading zeros.

    `R-2026/0117` and `r 2026 117` are one. Where digits follow digits something stays between them, so that
    `1-12` and `11-2` are two. A number of signs alone is known by these.
    """
    folded = comparable(number)
    key = ""
    for part in PARTS.findall(folded):
        if part.isdecimal():
            key += ("-" if key[-1:].isdecimal() else "") + (part.lstrip("0") or "0")
        else:
            key += part
    return key or folded.strip()


@dataclass(frozen=True, slots=True)
class Seen:
    """What of an invoice is held against another: its amount, its day and its order."""

    id: UUID
    number: str
    payable: Decimal
    currency: str
    issued_on: date
    order_number: str | None
    is_credit_note: bool = False


def alike(one: Seen, other: Seen) -> bool:
    """Whether two invoices of a supplier could be one: the same amount, and about the same time or order."""
    if (one.payable, one.currency, one.is_credit_note) != (
        other.payable,
        other.currency,
        other.is_credit_note,
    ):
        return False
    same_order = one.order_number is not None and one.order_number == other.order_number
    return same_order or abs(one.issued_on - other.issued_on) <= ALIKE_WITHIN

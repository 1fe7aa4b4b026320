"""Invoices match by themselves: when they have come in, and again when an order of theirs has changed."""

from __future__ import annotations

from datetime import timedelta

from procurement.invoices import store as invoices
from procurement.matching import store
from procurement.matching.commands.matching import match_invoice
from purveyor.db import Transaction

LOOK_EVERY = timedelta(seconds=1)


async def look_again(tx: Transaction) -> bool:
    """Match an invoice that is new, or whose order has changed since; return whether there was one.

    Goods that arrive or are taken back, amendments and other invoices change an order.
    """
    found = await invoices.not_looked_at(tx) or await store.outdated(tx) or await store.closed(tx)
    if found is None:
        return False
    await match_invoice(tx, found)
    return True

"""Invoices match by themselves: when they have come in, and again when an order of theirs has changed."""

from __future__ import annotations

from datetime import timedelta

import structlog

from procurement.matching import store
from procurement.matching.commands.matching import match_invoice
from purveyor.db import Transaction
from purveyor.failures import is_unavailable, may_pass

log = structlog.get_logger(__name__)
LOOK_EVERY = timedelta(seconds=1)
PAUSE = timedelta(minutes=5)
"""For how long an invoice is left alone that could not be matched."""
SHORT_PAUSE = timedelta(seconds=5)
"""For how long, where others were at work on the same."""


async def look_again(tx: Transaction) -> bool:
    """Match an invoice that is new, or whose order has changed since; return whether there was one.

    Goods that arrive or are taken back, amendments and other invoices change an order. One that fails is
    tried again after a pause, and keeps no other from its turn.
    """
    found = await store.next_to_look_at(tx)
    if found is None:
        return False
    try:
        async with tx.savepoint():
            await match_invoice(tx, found)
            await store.note_look(tx, found)
    except Exception as error:
        if is_unavailable(error):
            raise
        pause = SHORT_PAUSE if may_pass(error) else PAUSE
        log.exception("an invoice cannot be matched", invoice_id=str(found), again_in=str(pause))
        await store.note_look(tx, found, tx.now + pause)
    return True

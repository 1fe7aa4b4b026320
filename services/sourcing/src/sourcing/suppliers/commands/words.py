"""Learn the words of suppliers, so that one that is typed with a slip is found."""

from __future__ import annotations

from purveyor.db import Transaction
from sourcing.suppliers.rules.slips import learned, without_a_letter
from sourcing.suppliers.store import words as store

LEARNED_AT_A_TIME = 1_000


async def learn_words(tx: Transaction) -> bool:
    """Learn the words of some suppliers that changed; returns whether there are more.

    Those of whom somebody may yet come before are read again the next time.
    """
    until = await store.lock_learned(tx)
    suppliers = await store.changed_since(tx, until, LEARNED_AT_A_TIME)
    unknown = await store.unknown(tx, {word for one in suppliers for word in learned(one.search_text)})
    await store.learn(tx, {word: without_a_letter(word) for word in unknown})
    for supplier in suppliers:
        if supplier.ended:
            until.changed_in, until.supplier_id = supplier.changed_in, supplier.id
    return len(suppliers) == LEARNED_AT_A_TIME and suppliers[-1].ended

"""Numbers that are under an older key are locked anew, beside the running service."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor.errors import UnavailableError
from sourcing.bank_accounts.store import rows as store
from sourcing.bank_accounts.store.numbers import lock_anew
from sourcing.bank_accounts.store.safe import safe_of

ROTATED_AT_A_TIME = 500


async def rotate(tx: Transaction) -> bool:
    """Lock some numbers with the key that comes first now; returns whether there are more.

    Without keys there is nothing to do. Of a key that is missing it fails, and the numbers stay as they are.
    """
    try:
        safe = safe_of(tx)
    except UnavailableError:
        return False
    accounts = await store.locked_otherwise(tx, safe.key_id, safe.digest_key_id, ROTATED_AT_A_TIME)
    for account in accounts:
        lock_anew(tx, account)
    if accounts:
        keys = {"accounts": len(accounts), "key": safe.key_id, "digest_key": safe.digest_key_id}
        tx.audit("rotate", "bank_account_keys", safe.key_id, after=keys)
    await tx.flush()
    return len(accounts) == ROTATED_AT_A_TIME

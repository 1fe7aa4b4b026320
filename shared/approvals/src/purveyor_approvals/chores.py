"""Steps that have waited for too long: who may take one is reminded, then who stands above may too."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from purveyor.db import Transaction
from purveyor.jobs import Chore
from purveyor_approvals import store
from purveyor_approvals.commands.waiting import press
from purveyor_approvals.kinds import Kinds

LOOK_EVERY = timedelta(minutes=1)
AT_ONCE = 100


def waiting(kinds: Kinds) -> Chore:
    """Return the chore that reminds and escalates when the policy says so."""

    async def look(tx: Transaction) -> bool:
        due = await store.due(tx, AT_ONCE)
        for approval_id in sorted(due, key=UUID.__int__):
            await press(tx, kinds, approval_id)
        return len(due) == AT_ONCE

    return Chore("press-approvals", LOOK_EVERY, look)

"""Loads a list's file while it arrives, in transactions of its own; what does not arrive whole is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from purveyor.db import Transaction
from purveyor.errors import InvalidError
from sourcing.screening.commands import loading
from sourcing.screening.imports.reading import read
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.loading import LoadStatus
from sourcing.screening.store.lists import ListVersion

Transactions = Callable[[], AbstractAsyncContextManager[Transaction]]


async def load(
    transaction: Transactions,
    stream: AsyncIterator[bytes],
    code: str,
    form: Form,
    *,
    longest: int,
    may_shrink: bool,
) -> ListVersion:
    """Load a file of a list as its next version; raises InvalidError when it is refused, and says why."""
    async with transaction() as tx:
        version = await loading.begin(tx, code, form)
    try:
        async for rows in read(stream, form, longest):
            async with transaction() as tx:
                version = await loading.take(tx, version, rows.parties, rows.broken, rows.skipped)
        async with transaction() as tx:
            version = await loading.finish(tx, version, may_shrink=may_shrink)
    except BaseException:
        async with transaction() as tx:
            await loading.give_up(tx, version, "it did not arrive whole")
        raise
    if version.status == LoadStatus.REFUSED:
        raise InvalidError(
            "list_refused",
            f"Version {version.number} of {code} is refused and the one before stays: {version.problem}.",
            version=version.number,
        )
    return version

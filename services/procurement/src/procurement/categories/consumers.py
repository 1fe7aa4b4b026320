"""Takes over sourcing's tree of categories, in whatever order its streams come."""

from __future__ import annotations

from procurement.categories import commands
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.categories import (
    CategoryDefined,
    CategoryMoved,
    CategoryRestated,
    CategoryRetired,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold


async def on_defined(tx: Transaction, event: CategoryDefined, _envelope: Envelope) -> None:
    """Keep a category."""
    await commands.define(tx, event)


async def on_moved(tx: Transaction, event: CategoryMoved, _envelope: Envelope) -> None:
    """Let a category lie elsewhere: from now on other approvals cover what lies in it."""
    await commands.move(tx, event)


async def on_retired(tx: Transaction, event: CategoryRetired, _envelope: Envelope) -> None:
    """Note that nothing new is begun in a category."""
    await commands.retire(tx, event)


STORY = (on(CategoryDefined, on_defined), on(CategoryMoved, on_moved), on(CategoryRetired, on_retired))
CATEGORIES = Consumer(
    "procurement.categories",
    "sourcing.categories",
    (*STORY, retold(CategoryRestated, commands.forget, *STORY)),
)

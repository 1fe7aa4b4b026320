"""Reads of items, and the policy of where orders name nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY

from procurement.items.model import Item, ItemGtin
from procurement.items.rules.definitions import words_of
from procurement.items.rules.ordering import ItemsRequired
from purveyor.db import Transaction
from purveyor.pages import PageRequest, Sort
from purveyor.policies import Policy

BY_CODE = Sort("code", Item.code)
ITEMS_REQUIRED = Policy(
    "items-required",
    ItemsRequired,
    "Whether order lines name defined items only; an order is judged by what is in force on its day",
    frozenset({"category", "business_unit"}),
)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What items to list; None means any."""

    q: str | None = None
    category: str | None = None
    gtin: str | None = None
    bought_on: date | None = None


async def find_items(tx: Transaction, wanted: ItemFilter, page: PageRequest) -> list[Item]:
    """Return items by their codes, as many as a page holds and one more when there is more."""
    statement = select(Item)
    if wanted.q is not None:
        sought = " & ".join(f"'{word}':*" for word in words_of(wanted.q))
        if not sought:
            return []
        statement = statement.where(
            func.array_to_tsvector(Item.words).op("@@")(cast(cast(sought, Text), TSQUERY))
        )
    if wanted.category is not None:
        statement = statement.where(Item.category == wanted.category)
    if wanted.gtin is not None:
        printed_on: Any = select(ItemGtin.item_id).where(ItemGtin.gtin == wanted.gtin)
        statement = statement.where(Item.id.in_(printed_on))
    if wanted.bought_on is not None:
        statement = statement.where(or_(Item.retired_from.is_(None), Item.retired_from > wanted.bought_on))
    return list(await tx.session.scalars(BY_CODE.select(statement, page)))

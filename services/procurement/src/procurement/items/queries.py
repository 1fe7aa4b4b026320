"""Reads of items, and the policy of where orders name nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from procurement.items.model import Item, ItemGtin
from procurement.items.rules.numbers import Gtin
from procurement.items.rules.ordering import ItemsRequired
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find, worded
from purveyor.policies import Policy
from purveyor.texts import Code

ITEMS_REQUIRED = Policy(
    "items-required",
    ItemsRequired,
    "Whether order lines name defined items only; an order is judged by what is in force on its day",
    frozenset({"category", "business_unit"}),
)


def _is_bought(day: date) -> ColumnElement[bool]:
    return or_(Item.retired_from.is_(None), Item.retired_from > day)


ITEMS = Listing(
    name="items",
    id=Item.code,
    id_name="code",
    id_kind=Code,
    filters=(
        worded(
            Item.words,
            "Beginnings of words of its code, description, makers and their part numbers",
            example="hex m8",
        ),
        equal("category", Code, Item.category, "What it is", example="fasteners"),
        Filter(
            name="gtin",
            kind=Gtin,
            test=lambda gtins: Item.id.in_(select(ItemGtin.item_id).where(ItemGtin.gtin.in_(gtins))),
            description="Printed on any unit of it",
            example="04006381333931",
            several=True,
        ),
        Filter(name="bought_on", kind=Day, test=_is_bought, description="Not retired yet on this day"),
    ),
    sorts=both_ways("code", Item.code),
    changed=Item.changed_in,
)


async def items_called(tx: Transaction, codes: Collection[str]) -> list[Item]:
    """Return the items among some codes."""
    return list(await tx.session.scalars(select(Item).where(Item.code.in_(codes))))


async def find_items(tx: Transaction, asked: Asked) -> Found[Item]:
    """Return a page of items."""
    return await find(tx, select(Item), asked)

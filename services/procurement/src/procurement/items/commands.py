"""What can be done with items: they are stated, one by one or by the thousand, and retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.items import store
from procurement.items.model import Item
from procurement.items.rules import definitions
from procurement.items.store import Printed
from procurement.stated import Put, locked, state
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, ProblemError
from purveyor.versions import Seen
from purveyor_messaging.outbox import record


@dataclass(frozen=True, slots=True)
class StatedItem:
    """An item as somebody states it, and the version that they saw."""

    code: str
    content: Mapping[str, Any]
    seen: Seen | None
    overwrite: bool = False
    decides: bool = True
    """Whether who states it decides how much may come of what is ordered, too."""


async def put_item(tx: Transaction, stated: StatedItem) -> Put[Item]:
    """Create an item, or change it as its caller saw it; → ItemDefined, ItemRetired."""
    [done] = await put_items(tx, [stated])
    if isinstance(done, ProblemError):
        raise done
    return done


async def put_items(tx: Transaction, stated: Sequence[StatedItem]) -> list[Put[Item] | ProblemError]:
    """Create or change items; what speaks against one is returned in its place, and costs no other."""
    numbers = [definitions.gtins(one.content) for one in stated]
    wanted = sorted({gtin for of_one in numbers for gtin in of_one})
    codes = {one.code for one in stated}
    known = await locked(tx, Item, codes, *(f"gtin {gtin}" for gtin in wanted))
    printed = await store.printed(tx, wanted)
    owners = {gtin: one.item_id for gtin, one in printed.items()}
    outcomes: list[Put[Item] | ProblemError] = []
    news: dict[str, Item] = {}
    for one, on_units in zip(stated, numbers, strict=True):
        try:
            definitions.check_definition(one.content)
            if not one.decides:
                definitions.check_decides(_as_known(known.get(one.code)), one.content)
            _check_owners(known.get(one.code), on_units, owners)
            done = await _state(tx, known, one)
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        if done.created or done.changed:
            news[one.code] = done.row
            kept = {gtin: owner for gtin, owner in owners.items() if owner != done.row.id}
            owners = kept | dict.fromkeys(on_units, done.row.id)
        outcomes.append(done)
    await tx.flush()
    await _print(tx, list(news.values()))
    return outcomes


async def _state(tx: Transaction, known: dict[str, Item], one: StatedItem) -> Put[Item]:
    """State one item, and tell what is new of it."""
    done = await state(tx, Item, known, one.code, one.content, one.seen, overwrite=one.overwrite)
    item, changed = done.row, set(done.changed)
    if done.created:
        item.id, item.sequence = new_id(), 0
    if done.created or changed:
        item.words = definitions.found_by(one.code, one.content)
    if done.created or changed - {"retired_from"} or (changed and item.retired_from is None):
        record(tx, item, item.defined(tx.actor))
    if item.retired_from is not None and (done.created or "retired_from" in changed):
        record(tx, item, item.retired(tx.actor))
    return done


def _as_known(item: Item | None) -> dict[str, Any] | None:
    names = ("base_unit", "conversions", *definitions.TOLERANCES)
    return None if item is None else {name: getattr(item, name) for name in names}


def _check_owners(item: Item | None, on_units: Mapping[str, str], owners: Mapping[str, Any]) -> None:
    """Raise ConflictError for a GTIN that is printed on another item."""
    for gtin in on_units:
        if gtin in owners and (item is None or owners[gtin] != item.id):
            why = f"{gtin} is the number of another item: GET /v1/items?gtin={gtin} finds it"
            raise ConflictError("gtin_taken", why + ".", errors=[FieldError("/gtin", why)])


async def _print(tx: Transaction, items: Sequence[Item]) -> None:
    if items:
        numbers = [
            Printed(gtin, item.id, unit)
            for item in items
            for gtin, unit in definitions.gtins(vars(item)).items()
        ]
        await store.print_anew(tx, [item.id for item in items], numbers)

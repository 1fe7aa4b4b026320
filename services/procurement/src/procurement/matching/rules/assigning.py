"""Which line of an order a line of an invoice is for: found by what both say, with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rapidfuzz import fuzz

from purveyor.texts import comparable


class Sign(StrEnum):
    """By what a line was recognised."""

    REFERENCE = "reference"
    """It names the line of the order."""
    ITEM = "item"
    LEARNED = "learned"
    """Somebody assigned what the supplier calls so before."""
    PRICE = "price"
    QUANTITY = "quantity"
    TEXT = "text"
    PERSON = "person"
    """Somebody assigned this line."""


WEIGHTS: Mapping[Sign, int] = {
    Sign.REFERENCE: 60,
    Sign.ITEM: 40,
    Sign.LEARNED: 40,
    Sign.PRICE: 15,
    Sign.QUANTITY: 10,
    Sign.TEXT: 25,
}
"""In percent; together no more than a hundred count."""
OTHER_ITEM = 45
"""What is taken off where both name an item, and another one."""
ENOUGH = 50
"""From which confidence on a line is taken for the one that was found."""
ALIKE = 75
"""From which likeness on texts say the same, of a hundred (rapidfuzz, token sort ratio)."""
NEAR = Decimal("0.02")
NUMBER = re.compile(r"0*([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an invoice, as far as it says what it is for."""

    position: int
    order_line: str | None
    buyers_item: str | None
    sellers_item: str | None
    name: str | None
    quantity: Decimal
    unit_price: Decimal | None
    order_id: UUID | None
    """The order that it names, where it is known here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of an order that may be meant."""

    order_id: UUID
    line_number: int
    item: str
    description: str
    unit_price: Decimal
    open_quantity: Decimal
    """What of it was not invoiced yet."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The line of an order that was found, how sure that is in percent, and by what."""

    order_id: UUID
    line_number: int
    confidence: int
    signs: tuple[Sign, ...]


def learned_as(sellers_item: str | None, name: str | None) -> str | None:
    """Return what a supplier calls something, as it is learned: its number of it, or else its name."""
    said = comparable(sellers_item or name or "").strip()
    return said[:200] or None


def assign(said: Said, candidates: Sequence[Candidate], learned: Mapping[str, str]) -> Assigned | None:
    """Return the line that is meant most likely; None where nothing is sure enough."""
    best: Assigned | None = None
    for one in candidates:
        if said.order_id is not None and one.order_id != said.order_id:
            continue
        signs = tuple(_signs(said, one, learned))
        sure = min(sum(WEIGHTS[sign] for sign in signs), 100)
        if said.buyers_item and comparable(said.buyers_item) != comparable(one.item):
            sure -= OTHER_ITEM
        if sure >= ENOUGH and (best is None or sure > best.confidence):
            best = Assigned(one.order_id, one.line_number, sure, signs)
    return best


def _signs(said: Said, one: Candidate, learned: Mapping[str, str]) -> Iterator[Sign]:
    reference = NUMBER.fullmatch(said.order_line or "")
    if reference is not None and int(reference[1]) == one.line_number:
        yield Sign.REFERENCE
    item = comparable(one.item)
    if said.buyers_item and comparable(said.buyers_item) == item:
        yield Sign.ITEM
    known = learned.get(learned_as(said.sellers_item, said.name) or "")
    if known is not None and comparable(known) == item:
        yield Sign.LEARNED
    if said.unit_price is not None and abs(said.unit_price - one.unit_price) <= one.unit_price * NEAR:
        yield Sign.PRICE
    if 0 < said.quantity <= one.open_quantity:
        yield Sign.QUANTITY
    texts = comparable(said.name or ""), comparable(one.description)
    if all(texts) and fuzz.token_sort_ratio(*texts) >= ALIKE:
        yield Sign.TEXT

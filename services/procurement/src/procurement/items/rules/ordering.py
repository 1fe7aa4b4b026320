"""What an order may say of an item: that it is still bought, in a unit that it converts to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from procurement.items.rules.conversions import Units
from purveyor.errors import FieldError, InvalidError


class ItemsRequired(BaseModel):
    """Whether an order may name what is no item."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items_required: bool = Field(
        default=False, description="Refuse order lines whose item is not one that was defined"
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What orders know of an item."""

    category: str
    retired_from: date | None
    units: Units


class Ordered(Protocol):
    """What a line of an order says of what it orders."""

    @property
    def item(self) -> str:
        """The item's code, or a text of the buyer's own."""

    @property
    def category(self) -> str:
        """What the supplier has to be approved for."""

    @property
    def unit(self) -> str:
        """What its quantity counts."""


def check_items(
    lines: Sequence[Ordered],
    known: Mapping[str, Known],
    day: date,
    required: Mapping[str, bool],
    places: Collection[int] | None = None,
) -> None:
    """Raise InvalidError naming every line that says of its item what is not so on the order's day.

    What is no item is free text, but in a category where items are required. `places` are those of the lines
    that are looked at; all where it is left out.
    """
    looked_at = [(place, line) for place, line in enumerate(lines) if places is None or place in places]
    if problems := list(_problems(looked_at, known, day, required)):
        raise InvalidError("items_not_valid", "Lines say of their items what is not so.", errors=problems)


def _problems(
    lines: Sequence[tuple[int, Ordered]],
    known: Mapping[str, Known],
    day: date,
    required: Mapping[str, bool],
) -> Iterator[FieldError]:
    for place, line in lines:
        item = known.get(line.item)
        if item is None:
            if required[line.category]:
                why = (
                    f"{line.item} is no item; the policy items-required takes nothing else in {line.category}"
                )
                yield FieldError(f"/lines/{place}/item", why)
            continue
        if item.retired_from is not None and day >= item.retired_from:
            why = f"{line.item} is retired from {item.retired_from} on, and the day is {day}"
            yield FieldError(f"/lines/{place}/item", why)
        if line.category != item.category:
            yield FieldError(f"/lines/{place}/category", f"{line.item} is of the category {item.category}")
        if item.units.factor(line.unit) is None:
            yield FieldError(f"/lines/{place}/unit", item.units.refusal(line.unit))

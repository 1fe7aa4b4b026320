"""What may be stated of an item, and the words by which it is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procurement.items.rules.units import units
from purveyor.errors import FieldError, ForbiddenError, InvalidError
from purveyor.texts import words_of

"""Characters of a word by which it is found: nobody types more, and an index takes no more."""
TOLERANCES = ("over_receipt_tolerance", "under_receipt_tolerance")
DECIDERS = ("category-manager", "admin")


def check_definition(stated: Mapping[str, Any]) -> None:
    """Raise InvalidError naming all that an item cannot be."""
    if problems := list(_problems(stated)):
        raise InvalidError("item_invalid", "The item contradicts itself.", errors=problems)


def check_decides(before: Mapping[str, Any] | None, stated: Mapping[str, Any]) -> None:
    """Raise ForbiddenError naming what of an item is not a buyer's to say, who orders and counts by it.

    How much more or less than ordered may come, and, once it is known, how much another unit holds: by both,
    more comes than was approved (COSO: who orders does not decide what is owed).
    """
    errors = [
        FieldError(f"/{name}", f"stays {_as_it_is(before, name)} unless one of the roles says so")
        for name in TOLERANCES
        if stated[name] != (before and before[name])
    ]
    if before is not None:
        now = {one["unit"]: one for one in stated["conversions"]}
        errors += [
            FieldError("/conversions", f"{one['unit']} stays as it is unless one of the roles says so")
            for one in before["conversions"]
            if _factor(now.get(one["unit"])) != _factor(one)
        ]
        if stated["base_unit"] != before["base_unit"]:
            errors.append(FieldError("/base_unit", f"stays {before['base_unit']}"))
    if errors:
        raise ForbiddenError(
            "role_required",
            "How much may come of what is ordered is decided by a category manager.",
            errors=errors,
            roles=list(DECIDERS),
        )


def _as_it_is(before: Mapping[str, Any] | None, name: str) -> str:
    return "unsaid" if before is None or before[name] is None else f"{before[name]} %"


def _factor(conversion: Mapping[str, Any] | None) -> Any:
    return conversion and [value for name, value in sorted(conversion.items()) if name != "gtin"]


def gtins(stated: Mapping[str, Any]) -> dict[str, str]:
    """Return the unit that each GTIN of an item is printed on."""
    own = {stated["gtin"]: stated["base_unit"]} if stated["gtin"] else {}
    return own | {one["gtin"]: one["unit"] for one in stated["conversions"] if one["gtin"]}


def found_by(code: str, stated: Mapping[str, Any]) -> list[str]:
    """Return the words by which an item is found: of its code, description, makers and their numbers."""
    makers = [text for made in stated["makers"] for text in (made["maker"], made["part_number"])]
    return words_of(code, stated["description"], *makers)


def _problems(stated: Mapping[str, Any]) -> Iterator[FieldError]:
    if stated["base_unit"] not in units():
        yield FieldError("/base_unit", _no_unit(stated["base_unit"]))
    taken = {stated["base_unit"]}
    for place, one in enumerate(stated["conversions"]):
        if one["unit"] not in units():
            yield FieldError(f"/conversions/{place}/unit", _no_unit(one["unit"]))
        elif one["unit"] in taken:
            yield FieldError(f"/conversions/{place}/unit", f"{one['unit']} is stated twice")
        taken.add(one["unit"])
    printed = [stated["gtin"], *(one["gtin"] for one in stated["conversions"])]
    for place in _twice(printed):
        pointer = f"/conversions/{place - 1}/gtin"
        yield FieldError(pointer, f"{printed[place]} is on another unit of the item: each has its own")
    for place in _twice([(made["maker"], made["part_number"]) for made in stated["makers"]]):
        yield FieldError(f"/makers/{place}", "is stated twice")


def _twice(stated: Sequence[Any]) -> Iterator[int]:
    """Yield the places of what has been stated at a place before."""
    seen = set()
    for place, one in enumerate(stated):
        if one is not None and one in seen:
            yield place
        seen.add(one)


def _no_unit(code: str) -> str:
    return f"{code!r} is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM"

"""What the supplier that an event speaks of is told of it: the fields that its class names, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Told = Mapping[str, "Told | None"]
"""The fields that are told; those of a part, or of each part of a list, under its name."""

NOTHING: Told = {}
RESTATED = ("part", "parts")
"""What is told of a stream that is told again, beside what is told of each event that holds."""


def tells(*fields: str, **parts: tuple[str, ...]) -> Told:
    """Return that these fields are told, and of these parts theirs: `tells("number", lines=("item",))`."""
    return dict.fromkeys(fields) | {name: dict.fromkeys(told) for name, told in parts.items()}


def as_told(data: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Return what of an event's content is told."""
    return {name: _of(data[name], part) for name, part in told.items() if name in data}


def _of(value: Any, part: Told | None) -> Any:
    if part is None or value is None:
        return value
    return [as_told(each, part) for each in value] if isinstance(value, list) else as_told(value, part)

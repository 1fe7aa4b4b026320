"""An approval is of content: what a document said then, and whether what it says now goes on with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

HUNDRED = 100


class Change(StrEnum):
    """How a document differs from what was approved."""

    NONE = "none"
    LESS = "less"
    MORE = "more"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what it says, and its numbers, of which less is less."""

    said: Mapping[str, Any]
    measures: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Content:
    """All that is approved of a document: what it says, and its lines by key."""

    said: Mapping[str, Any]
    lines: Mapping[str, Line]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept: texts, numbers as they are written shortest."""
        plain: dict[str, Any] = json.loads(
            json.dumps(
                {
                    "said": self.said,
                    "lines": {
                        key: {
                            "said": line.said,
                            "measures": {name: _text(value) for name, value in line.measures.items()},
                        }
                        for key, line in self.lines.items()
                    },
                },
                sort_keys=True,
                default=_text,
            )
        )
        return plain


def read_content(kept: Mapping[str, Any]) -> Content:
    """Return content as it was kept."""
    lines = {
        key: Line(line["said"], {name: Decimal(value) for name, value in line["measures"].items()})
        for key, line in kept["lines"].items()
    }
    return Content(kept["said"], lines)


def _text(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def digest(kept: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content as it is kept, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def changed(approved: Mapping[str, Any], now: Mapping[str, Any]) -> Change:
    """Return how what is said now differs from what was approved, both as they are kept.

    It is less when some numbers or whole lines are, and more when numbers have grown and all words are the
    same; a new line, or another word, is something else.
    """
    if approved == now:
        return Change.NONE
    before, after = read_content(approved), read_content(now)
    if before.said != after.said or not after.lines.keys() <= before.lines.keys():
        return Change.OTHER
    pairs = [(before.lines[key], line) for key, line in after.lines.items()]
    if any(one.said != other.said or one.measures.keys() != other.measures.keys() for one, other in pairs):
        return Change.OTHER
    grown = any(value > one.measures[name] for one, other in pairs for name, value in other.measures.items())
    return Change.MORE if grown else Change.LESS


def within_growth(before: Decimal, now: Decimal, most: Decimal | None, most_percent: Decimal | None) -> bool:
    """Whether a document has grown by no more than a policy lets pass: where both are stated, by neither."""
    grown = now - before
    if most is None and most_percent is None:
        return False
    return (most is None or grown <= most) and (
        most_percent is None or grown * HUNDRED <= before * most_percent
    )

"""What an approval or a block of a category covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ancestors = Mapping[str, Sequence[str]]
"""What categories lie in, the nearest first; nothing of those at the top, or that nobody told of."""

NOTHING_ABOVE: Ancestors = {}


def lain_in(ancestors: Ancestors) -> set[str]:
    """Return all that any of the categories lies in."""
    return {one for of_each in ancestors.values() for one in of_each}


def covering(category: str, ancestors: Ancestors) -> tuple[str, ...]:
    """Return the categories that cover one: itself, and all that it lies in, the nearest first."""
    return (category, *ancestors.get(category, ()))

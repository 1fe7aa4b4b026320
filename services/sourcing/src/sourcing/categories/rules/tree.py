"""Which category lies in which: no circles, no bottomless depth, nothing new below what is retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

MOST_LEVELS = 20
"""Levels of a tree; UNSPSC has four, CPV five."""


class Tree:
    """Where categories lie, of a whole tree or of the part that somebody asks about."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = dict(parents)
        self._children: dict[str, set[str]] = defaultdict(set)
        for code, parent in parents.items():
            if parent is not None:
                self._children[parent].add(code)

    def __contains__(self, code: str) -> bool:
        return code in self._parents

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return what a category lies in, the nearest first."""
        found: list[str] = []
        parent = self._parents.get(code)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self._parents.get(parent)
        return tuple(found)

    def levels(self, code: str) -> int:
        """Return how many levels a category and what lies in it take."""
        levels, level = 0, {code}
        met = set(level)
        while level:
            levels += 1
            level = {child for above in level for child in self._children.get(above, ())} - met
            met |= level
        return levels

    def place(self, code: str, parent: str | None) -> None:
        """Note where a category lies from now on."""
        before = self._parents.get(code)
        if before is not None:
            self._children[before].discard(code)
        self._parents[code] = parent
        if parent is not None:
            self._children[parent].add(code)

    def why_not(self, code: str, parent: str) -> str | None:
        """Return why a category cannot lie in another that there is; None where it can."""
        above = (parent, *self.ancestors(parent))
        if code == parent:
            return f"{code} cannot lie in itself."
        if code in above:
            between = " in ".join(above[: above.index(code) + 1])
            return f"{code} cannot lie in {parent}, which lies in it: {between}."
        levels = len(above) + self.levels(code)
        if levels > MOST_LEVELS:
            return f"There would be {levels} levels, and {MOST_LEVELS} is the most."
        return None


def covering(code: str, ancestors: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the categories whose approval covers one: itself, and what it lies in."""
    return (code, *ancestors.get(code, ()))

"""Who sees a saved search, and who may change or delete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ownership:
    """Whose a saved search is, and whether the department has it too."""

    owner: str
    shared: bool


@dataclass(frozen=True, slots=True)
class SearchStated:
    """All that is stated of a search; its filters as JSON has them."""

    name: str
    shared: bool
    filters: Mapping[str, Any]
    sort: str | None


def may_see(it: Ownership, person: str) -> bool:
    """Return whether somebody sees a search: their own, and those that are shared."""
    return it.shared or it.owner == person


def may_change(it: Ownership, person: str) -> bool:
    """Return whether somebody may state a search anew: whose it is, and nobody else."""
    return it.owner == person


def may_delete(it: Ownership, person: str, *, tidies: bool) -> bool:
    """Return whether somebody may delete a search: whose it is, and of shared ones who tidies up."""
    return it.owner == person or (it.shared and tidies)

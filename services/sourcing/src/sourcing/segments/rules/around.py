"""Who may be ordered from for a category, by the approvals, the blocks and the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Approval:
    """That a supplier may be ordered from for a category, were it not blocked."""

    supplier_id: UUID
    category: str


@dataclass(frozen=True, slots=True)
class Block:
    """That a supplier is not ordered from: for some categories and what lies in them, or (None) for none."""

    supplier_id: UUID
    categories: Sequence[str] | None


def unblocked(
    approvals: Iterable[Approval], blocks: Iterable[Block], above: Mapping[str, Sequence[str]]
) -> list[Approval]:
    """Return the approvals by which suppliers may be ordered from."""
    whole: set[UUID] = set()
    blocked: defaultdict[UUID, set[str]] = defaultdict(set)
    for block in blocks:
        if block.categories is None:
            whole.add(block.supplier_id)
        else:
            blocked[block.supplier_id].update(block.categories)
    return [
        one
        for one in approvals
        if one.supplier_id not in whole
        and blocked[one.supplier_id].isdisjoint((one.category, *above.get(one.category, ())))
    ]


def approved_for(approvals: Iterable[Approval]) -> dict[str, Set[UUID]]:
    """Return by category who is approved for that very one."""
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for one in approvals:
        found[one.category].add(one.supplier_id)
    return dict(found)


def suppliers_of(
    categories: Iterable[str], approved: Mapping[str, Set[UUID]], above: Mapping[str, Sequence[str]]
) -> dict[str, Set[UUID]]:
    """Return by category who is approved for it, for what it lies in, or for something that lies in it."""
    inside: defaultdict[str, set[UUID]] = defaultdict(set)
    for category, suppliers in approved.items():
        for code in (category, *above.get(category, ())):
            inside[code] |= suppliers
    return {
        category: frozenset(inside[category]).union(
            *(approved.get(one, ()) for one in above.get(category, ()))
        )
        for category in categories
    }

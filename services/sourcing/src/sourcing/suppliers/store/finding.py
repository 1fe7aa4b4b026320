"""Suppliers found by text and filters, page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import raiseload

from purveyor.countries import Country
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import (
    Asked,
    Filter,
    Found,
    Listing,
    between,
    both_ways,
    equal,
    find,
    numbered,
    whether,
)
from purveyor.searching import Asking, Sought, search
from purveyor.texts import Code, Reference, TextKind
from sourcing.categories import store as tree
from sourcing.suppliers.model import FALLING_SCORE, RISING_SCORE, CategoryApproval, Supplier
from sourcing.suppliers.rules.qualification import ENDED, Status
from sourcing.suppliers.rules.search import search_patterns, searchable, whole_words
from sourcing.suppliers.rules.slips import may_have_slipped, slips_of, without_a_letter
from sourcing.suppliers.rules.tags import Tag
from sourcing.suppliers.store import words as known

Words = Annotated[str, TextKind(200, shortest=2)]
Grade = Literal["A", "B", "C", "D", "E"]


def matching(text: str) -> ColumnElement[bool]:
    """Return the condition of suppliers that are found by a text: all of its words must be there."""
    return and_(*(Supplier.search_text.like(pattern) for pattern in search_patterns(text)))


TEXT, CATEGORY, APPROVED_FOR = "q", "category", "approved_for"
KEYS = frozenset({"id", "number", "external_reference"})
"""The filters by what a supplier has of its own."""
SUPPLIERS = Listing(
    name="suppliers",
    id=Supplier.id,
    filters=(
        numbered("S", Supplier.number),
        Filter(
            name=TEXT,
            kind=Words,
            description="Words of its name, number, identifiers or external reference, in any order; a word "
            "of one or two letters is looked for at the beginning of words. Who is named exactly so comes "
            "first, then whose name begins so, then who has the words whole, unless an order is asked for. "
            "Where nothing is found, words are that differ by one slip",
            example="muster schraub",
            ours=True,
        ),
        equal("status", Status, Supplier.status, "Where it stands", example="approved"),
        Filter(
            name=CATEGORY,
            kind=Code,
            description="What it offers, or what that lies in",
            example="fasteners",
            several=True,
        ),
        Filter(
            name=APPROVED_FOR,
            kind=Code,
            description="A category that it may be ordered from today: for that or for what it lies in",
            example="fasteners",
        ),
        equal("country", Country, Supplier.country, "Where it is registered", example="DE"),
        equal("grade", Grade, Supplier.grade, "Of its last score", example="A"),
        *between("registered", Day, Supplier.registered_on, "Registered on this day"),
        whether("imported", Supplier.imported, "Whether it comes from another system", ours=True),
        equal(
            "source_system",
            Code,
            Supplier.source_system,
            "Whose `external_reference`s to look among",
            ours=True,
        ),
        equal("external_reference", Reference, Supplier.external_reference, "Its key elsewhere", ours=True),
        equal("parent_id", UUID, Supplier.parent_id, "The company that it was said to belong to", ours=True),
        equal("owner", Reference, Supplier.owner, "Who of us answers for it", example="bea", ours=True),
        Filter(
            name="tag",
            kind=Tag,
            test=Supplier.tags.overlap,
            description="A tag that it has, however that is spelt",
            example="key account",
            several=True,
            ours=True,
        ),
    ),
    sorts=(
        *both_ways("number", Supplier.number),
        *both_ways("legal_name", Supplier.name_key, Supplier.id),
        *both_ways("score", RISING_SCORE, Supplier.id, falling=(FALLING_SCORE, Supplier.id)),
    ),
    changed=Supplier.changed_in,
)


MOST_MEANT = 30
"""How many words one that is typed may be a slip of."""
LISTED = select(Supplier).options(raiseload(Supplier.identifiers), raiseload(Supplier.blocks))
"""A list shows no identifiers and no blocks."""


@dataclass(frozen=True, slots=True)
class Approved:
    """Which suppliers may be ordered from: in such a status, for one of these categories, on that day."""

    categories: Sequence[str]
    on: date
    statuses: Collection[Status]


async def find_suppliers(
    tx: Transaction, asked: Asked, today: date, statuses: Collection[Status], only: UUID | None
) -> Found[Supplier]:
    """Return a page of suppliers, or of the only one that may be seen; those `statuses` are ordered from."""
    conditions: list[ColumnElement[bool] | Asking] = [] if only is None else [Supplier.id == only]
    if CATEGORY in asked.filters:
        conditions.append(Supplier.categories.overlap(await _covering(tx, asked.filters[CATEGORY])))
    if APPROVED_FOR in asked.filters:
        covering = await _covering(tx, [asked.filters[APPROVED_FOR]])
        conditions += _approved(Approved(covering, today, statuses))
    text = asked.filters.get(TEXT)
    if only is not None or asked.updated_after is not None or not asked.filters.keys() - KEYS:
        # Read in the order of one index, or by one that leaves few.
        conditions += [] if text is None else [matching(text)]
        of_all = (one.of_all if isinstance(one, Asking) else one for one in conditions)
        return await find(tx, LISTED.where(*of_all), asked)
    if text is None:
        return await search(tx, LISTED, asked, Sought(matches=true(), conditions=conditions))
    sought = Sought(matches=matching(text), conditions=conditions, otherwise=partial(_slipped, tx, text))
    if asked.sort is None:
        sought = replace(sought, foremost=_named(text), ranks=[_whole(text)])
    return await search(tx, LISTED, asked, sought)


@dataclass(frozen=True, slots=True)
class SuppliersOfPlace:
    """How many suppliers of a country offer a category (None: they name none)."""

    country: str
    category: str | None
    suppliers: int


async def suppliers_by_place(tx: Transaction, at_most: int) -> Sequence[SuppliersOfPlace]:
    """Return where suppliers are that we may have to do with, and what they offer, most of them first."""
    offered = func.unnest(Supplier.categories).table_valued("category").render_derived()
    category = offered.c.category
    found = await tx.session.execute(
        select(Supplier.country, category, func.count())
        .join(offered, true(), isouter=True)
        .where(Supplier.country.is_not(None), Supplier.status.not_in(ENDED))
        .group_by(Supplier.country, category)
        .order_by(func.count().desc(), Supplier.country, category)
        .limit(at_most)
    )
    return [SuppliersOfPlace(*row) for row in found]


async def _covering(tx: Transaction, codes: Sequence[str]) -> list[str]:
    """Return some categories with all that they lie in: who is approved for one of them is so for these."""
    above = await tree.above(tx, codes)
    return sorted({*codes, *(code for ancestors in above.values() for code in ancestors)})


def _named(text: str) -> list[ColumnElement[bool]]:
    """Return who is named exactly so, and whose name begins so."""
    name = searchable(text).strip()
    return [Supplier.name_key == name, Supplier.name_key.startswith(f"{name} ")]


def _whole(text: str) -> ColumnElement[bool]:
    """Return who has all words of a text whole, not as parts of others."""
    return and_(*(Supplier.search_text.like(pattern) for pattern in whole_words(text)))


async def _slipped(tx: Transaction, text: str) -> ColumnElement[bool] | None:
    """Return the condition of who has words that those of a text are slips of, None where nobody has."""
    words = {word for word in searchable(text).split() if may_have_slipped(word)}
    near = await known.near(tx, {left for word in words for left in without_a_letter(word)})
    meant = {word: slips_of(word, near)[:MOST_MEANT] for word in words - set(near)}
    if not any(meant.values()):
        return None
    conditions = []
    for pattern in search_patterns(text):
        others = (f"% {word} %" for word in meant.get(pattern.strip("% "), ()))
        conditions.append(or_(*map(Supplier.search_text.like, (pattern, *others))))
    return and_(*conditions)


def _approved(approved: Approved) -> list[ColumnElement[bool] | Asking]:
    in_force = or_(CategoryApproval.expires_on.is_(None), CategoryApproval.expires_on >= approved.on)
    of_categories = and_(CategoryApproval.category.in_(approved.categories), in_force)
    its_own = select(true()).where(CategoryApproval.supplier_id == Supplier.id, of_categories)
    return [
        Supplier.status.in_(approved.statuses),
        # Of one supplier it is asked with a limit: without, all approvals would be hashed for it.
        Asking(its_own.exists(), its_own.limit(1).scalar_subquery().is_(True)),
    ]

"""What all commands of categories share: one is begun, locked, kept as it was, placed where it can lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from sourcing.categories import store
from sourcing.categories.model import Category
from sourcing.categories.queries import no_such
from sourcing.categories.rules.definitions import found_by
from sourcing.categories.rules.tree import Tree


async def expect_place(
    tx: Transaction, known: Mapping[str, Category], tree: Tree, code: str, parent: str | None
) -> None:
    """Raise InvalidError unless a category can lie in another."""
    if parent is None:
        return
    if parent != code:
        if parent not in known:
            raise await no_such(tx, {"/parent": parent})
        above = known[parent]
        if above.retired_on is not None:
            detail = f"{parent} was retired on {above.retired_on}: nothing is put in it any more."
            raise InvalidError("category_retired", detail, errors=[FieldError("/parent", detail)])
    why_not = tree.why_not(code, parent)
    if why_not is not None:
        raise InvalidError("category_circular", why_not, errors=[FieldError("/parent", why_not)])


def begin(tx: Transaction, code: str, stated: Mapping[str, Any], *, taken_over: bool = False) -> Category:
    """Make a category as it is stated; → CategoryDefined."""
    category = Category(id=new_id(), version=1, sequence=0, code=code, taken_over=taken_over, **stated)
    category.words = found_by(code, stated)
    tx.session.add(category)
    change = "taken_over" if taken_over else "defined"
    tx.session.add(category.as_of_now(1, change, tx.actor, tx.now, None))
    record(tx, category, category.defined(tx.actor))
    tx.audit("take_over" if taken_over else "create", "category", code, after=category.content())
    return category


def keep(tx: Transaction, category: Category, change: str, reason: str | None) -> None:
    """Keep what a changed category says now, under the number that its flush gives it."""
    tx.session.add(category.as_of_now(category.version + 1, change, tx.actor, tx.now, reason))


async def locked(tx: Transaction, code: str, seen: Seen) -> Category:
    """Return a category as its caller saw it, in a tree that nobody else changes; raises NotFoundError."""
    await store.lock_tree(tx)
    category = (await store.called(tx, [code])).get(code)
    if category is None:
        raise NotFoundError("category", code)
    expect_version(category, seen)
    return category


def retired(category: Category) -> ConflictError:
    """Return the refusal of what is not done to a category that was retired."""
    return ConflictError(
        "wrong_state",
        f"Category {category.code} was retired on {category.retired_on}: reinstate it first.",
        allowed=["reinstate"],
    )

"""Categories as they are stated, one by one or by the thousand; another place for one is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from purveyor.db import Transaction
from purveyor.errors import PreconditionFailedError, PreconditionRequiredError, ProblemError
from purveyor.versions import Seen, expect_version, named
from purveyor_messaging.outbox import record
from sourcing.categories import store
from sourcing.categories.commands.trail import begin, expect_place, keep, retired
from sourcing.categories.model import Category
from sourcing.categories.rules.definitions import check_names, check_new_code, found_by
from sourcing.categories.rules.tree import Tree


@dataclass(frozen=True, slots=True)
class StatedCategory:
    """A category as somebody states it, and the version that they saw."""

    code: str
    content: Mapping[str, Any]
    seen: Seen | None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a statement."""

    row: Category
    created: bool
    changed: bool
    proposed: bool = False
    """Whether it is to lie elsewhere once somebody else confirms that."""


async def put_category(tx: Transaction, stated: StatedCategory) -> Put:
    """Create a category, or change it as its caller saw it; → CategoryDefined.

    Another parent is proposed, and is its own once somebody else confirms it (`confirm_move`).
    """
    [done] = await put_categories(tx, [stated])
    if isinstance(done, ProblemError):
        raise done
    return done


async def put_categories(tx: Transaction, stated: Sequence[StatedCategory]) -> list[Put | ProblemError]:
    """Create or change categories, each after those before it; what speaks against one costs no other."""
    await store.lock_tree(tx)
    codes = {one.code for one in stated}
    parents = {one.content["parent"] for one in stated} - {None}
    known = await store.called(tx, codes | parents)
    tree = Tree(await store.around(tx, codes, parents))
    outcomes: list[Put | ProblemError] = []
    for one in stated:
        try:
            outcomes.append(await _state(tx, known, tree, one))
        except ProblemError as problem:
            outcomes.append(problem)
    await tx.flush()
    return outcomes


async def _state(tx: Transaction, known: dict[str, Category], tree: Tree, one: StatedCategory) -> Put:
    category, stated = known.get(one.code), dict(one.content)
    check_names(stated["names"])
    if category is None:
        if one.seen is not None:
            raise PreconditionFailedError(
                "changed_meanwhile", f"There is no category {one.code}, and you saw {named(one.seen)}."
            )
        check_new_code(one.code)
        await expect_place(tx, known, tree, one.code, stated["parent"])
        known[one.code] = begin(tx, one.code, stated)
        tree.place(one.code, stated["parent"])
        return Put(known[one.code], created=True, changed=False)
    await tx.flush()  # what this request has stated of it before is a version of its own
    before = {name: value for name, value in category.content().items() if value != stated[name]}
    if category.proposed_by is not None and category.proposed_parent == stated["parent"]:
        before.pop("parent", None)
    if one.seen is not None:
        expect_version(category, one.seen)
    elif before and not one.overwrite:
        raise PreconditionRequiredError(
            "if_match_required",
            "The category exists and differs: send If-Match with the ETag that you saw.",
        )
    if before:
        if category.retired_on is not None:
            raise retired(category)
        if "parent" in before:
            await expect_place(tx, known, tree, one.code, stated["parent"])
        _change(tx, category, stated, before)
    return Put(category, created=False, changed=bool(before), proposed="parent" in before)


def _change(
    tx: Transaction, category: Category, stated: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Change what one person may; from where it lies other approvals, blocks and questionnaires cover it."""
    for name in before.keys() - {"parent"}:
        setattr(category, name, stated[name])
    category.words = found_by(category.code, stated)
    after = {name: stated[name] for name in before}
    if "parent" in before:
        category.propose(stated["parent"], tx.actor)
        after["proposed_parent"] = after.pop("parent")
    if before.keys() - {"parent"}:
        category.taken_over = False
        record(tx, category, category.defined(tx.actor))
    keep(tx, category, "move_proposed" if "parent" in before else "defined", None)
    tx.audit("change", "category", category.code, before=before, after=after)

"""What can be done with categories: stated one by one or by the thousand, retired, taken over as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.errors import (
    ConflictError,
    FieldError,
    InvalidError,
    NotFoundError,
    PreconditionFailedError,
    PreconditionRequiredError,
    ProblemError,
)
from purveyor.versions import Seen, expect_version, named
from purveyor_messaging.outbox import record
from sourcing.categories import store
from sourcing.categories.model import Category
from sourcing.categories.queries import UNKNOWN_CATEGORIES, expect_not_retired, no_such
from sourcing.categories.rules.definitions import check_names, check_new_code, found_by
from sourcing.categories.rules.tree import Tree

LANGUAGE_OF_CODES = "en"
"""In which a category that was taken over is called by its code until somebody names it."""


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


async def put_category(tx: Transaction, stated: StatedCategory) -> Put:
    """Create a category, or change it as its caller saw it; → CategoryDefined, CategoryMoved."""
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
        await _expect_place(tx, known, tree, one.code, stated["parent"])
        known[one.code] = _begin(tx, one.code, stated)
        tree.place(one.code, stated["parent"])
        return Put(known[one.code], created=True, changed=False)
    await tx.flush()  # what this request has stated of it before is a version of its own
    before = {name: value for name, value in category.content().items() if value != stated[name]}
    if one.seen is not None:
        expect_version(category, one.seen)
    elif before and not one.overwrite:
        raise PreconditionRequiredError(
            "if_match_required",
            "The category exists and differs: send If-Match with the ETag that you saw.",
        )
    if before:
        if category.retired_on is not None:
            raise _retired(category)
        if "parent" in before:
            await _expect_place(tx, known, tree, one.code, stated["parent"])
            tree.place(one.code, stated["parent"])
        _change(tx, category, stated, before)
    return Put(category, created=False, changed=bool(before))


async def _expect_place(
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


def _begin(tx: Transaction, code: str, stated: Mapping[str, Any], *, taken_over: bool = False) -> Category:
    category = Category(id=new_id(), version=1, sequence=0, code=code, taken_over=taken_over, **stated)
    category.words = found_by(code, stated)
    tx.session.add(category)
    change = "taken_over" if taken_over else "defined"
    tx.session.add(category.as_of_now(1, change, tx.actor, tx.now, None))
    record(tx, category, category.defined(tx.actor))
    tx.audit("take_over" if taken_over else "create", "category", code, after=category.content())
    return category


def _change(
    tx: Transaction, category: Category, stated: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    for name in before:
        setattr(category, name, stated[name])
    category.taken_over = False
    category.words = found_by(category.code, stated)
    _keep(tx, category, "moved" if "parent" in before else "defined", None)
    if "parent" in before:
        record(tx, category, category.moved(before["parent"], tx.actor))
    if before.keys() - {"parent"}:
        record(tx, category, category.defined(tx.actor))
    after = {name: stated[name] for name in before}
    tx.audit("change", "category", category.code, before=before, after=after)


def _keep(tx: Transaction, category: Category, change: str, reason: str | None) -> None:
    """Keep what a changed category says now, under the number that its flush gives it."""
    tx.session.add(category.as_of_now(category.version + 1, change, tx.actor, tx.now, reason))


async def retire(tx: Transaction, code: str, seen: Seen, reason: str) -> Category:
    """Begin nothing new in a category: it is neither offered nor approved anew; → CategoryRetired."""
    category = await _locked(tx, code, seen)
    if category.retired_on is not None:
        raise _retired(category)
    below = await store.children(tx, code)
    if below:
        some = ", ".join(below[:5])
        raise ConflictError(
            "category_in_use", f"{some} lie in {code}: retire or move them first.", categories=below[:100]
        )
    today = tx.now.date()
    category.retired_on = today
    _keep(tx, category, "retired", reason)
    record(tx, category, category.retired(today, reason, tx.actor))
    tx.audit("retire", "category", code, after={"retired_on": today}, reason=reason)
    await tx.flush()
    return category


async def reinstate(tx: Transaction, code: str, seen: Seen, reason: str) -> Category:
    """Use a category again that was retired; → CategoryDefined."""
    category = await _locked(tx, code, seen)
    if category.retired_on is None:
        detail = f"Category {code} is in use: there is nothing to take back."
        raise ConflictError("wrong_state", detail, allowed=["retire"])
    if category.parent is not None:
        expect_not_retired([category.parent], (await store.called(tx, [category.parent])).values(), "/parent")
    before = {"retired_on": category.retired_on}
    category.retired_on = None
    _keep(tx, category, "reinstated", reason)
    record(tx, category, category.defined(tx.actor))
    tx.audit("reinstate", "category", code, before=before, reason=reason)
    await tx.flush()
    return category


async def take_over(tx: Transaction, codes: Collection[str]) -> None:
    """Make categories of codes that are in use and that none has: at the top, called by their codes."""
    if not set(codes) - await store.known(tx, codes):
        return
    await store.lock_tree(tx)
    for code in sorted(set(codes) - await store.known(tx, codes)):
        stated = {
            "names": [{"language": LANGUAGE_OF_CODES, "name": code}],
            "parent": None,
            "owner": None,
            "unspsc": None,
            "cpv": None,
        }
        _begin(tx, code, stated, taken_over=True)
    await tx.flush()


async def admit(tx: Transaction, codes: Sequence[str], pointer: str, before: Collection[str] = ()) -> None:
    """Let a supplier offer categories, beside those that it offered before.

    Codes that no category has become categories, unless the policy has them refused.
    """
    known = await store.called(tx, codes)
    new = {f"{pointer}/{place}": code for place, code in enumerate(codes) if code not in before}
    unknown = {place: code for place, code in new.items() if code not in known}
    policy = (await policies.history(tx, UNKNOWN_CATEGORIES)).in_force(tx.now.date())
    if unknown and policy.value.refused:
        raise await no_such(tx, unknown)
    expect_not_retired(codes, [one for one in known.values() if one.code in new.values()], pointer)
    await take_over(tx, [code for code in codes if code not in known])


async def _locked(tx: Transaction, code: str, seen: Seen) -> Category:
    await store.lock_tree(tx)
    category = (await store.called(tx, [code])).get(code)
    if category is None:
        raise NotFoundError("category", code)
    expect_version(category, seen)
    return category


def _retired(category: Category) -> ConflictError:
    return ConflictError(
        "wrong_state",
        f"Category {category.code} was retired on {category.retired_on}: reinstate it first.",
        allowed=["reinstate"],
    )

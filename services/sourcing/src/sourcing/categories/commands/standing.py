"""Categories that are retired, used again, and let lie elsewhere by somebody who did not ask for it."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError
from purveyor.versions import Seen
from purveyor_messaging.outbox import record
from sourcing.categories import store
from sourcing.categories.commands.trail import expect_place, keep, locked, retired
from sourcing.categories.model import Category
from sourcing.categories.queries import expect_not_retired
from sourcing.categories.rules.definitions import MOVED_BY_ANOTHER
from sourcing.categories.rules.tree import Tree


async def retire(tx: Transaction, code: str, seen: Seen, reason: str) -> Category:
    """Begin nothing new in a category: it is neither offered nor approved anew; → CategoryRetired."""
    category = await locked(tx, code, seen)
    if category.retired_on is not None:
        raise retired(category)
    below = await store.children(tx, code)
    if below:
        some = ", ".join(below[:5])
        raise ConflictError(
            "category_in_use", f"{some} lie in {code}: retire or move them first.", categories=below[:100]
        )
    today = tx.now.date()
    category.retired_on = today
    category.propose(None, None)
    keep(tx, category, "retired", reason)
    record(tx, category, category.retired(today, reason, tx.actor))
    tx.audit("retire", "category", code, after={"retired_on": today}, reason=reason)
    await tx.flush()
    return category


async def reinstate(tx: Transaction, code: str, seen: Seen, reason: str) -> Category:
    """Use a category again that was retired; → CategoryDefined."""
    category = await locked(tx, code, seen)
    if category.retired_on is None:
        detail = f"Category {code} is in use: there is nothing to take back."
        raise ConflictError("wrong_state", detail, allowed=["retire"])
    if category.parent is not None:
        expect_not_retired([category.parent], (await store.called(tx, [category.parent])).values(), "/parent")
    before = {"retired_on": category.retired_on}
    category.retired_on = None
    keep(tx, category, "reinstated", reason)
    record(tx, category, category.defined(tx.actor))
    tx.audit("reinstate", "category", code, before=before, reason=reason)
    await tx.flush()
    return category


async def confirm_move(tx: Transaction, code: str, seen: Seen) -> Category:
    """Let a category lie where somebody else asked for it to lie; → CategoryMoved."""
    category = await locked(tx, code, seen)
    asked_by, parent = _proposed(category)
    expect_another(tx.actor, (asked_by,), MOVED_BY_ANOTHER)
    parents = [] if parent is None else [parent]
    tree = Tree(await store.around(tx, [code], parents))
    await expect_place(tx, await store.called(tx, parents), tree, code, parent)
    former = category.parent
    category.move(tx.actor)
    keep(tx, category, "moved", None)
    record(tx, category, category.moved(former, asked_by, tx.actor))
    before = {"parent": former, "asked_by": asked_by}
    tx.audit("confirm_move", "category", code, before=before, after={"parent": parent})
    await tx.flush()
    return category


async def refuse_move(tx: Transaction, code: str, seen: Seen, reason: str) -> Category:
    """Let a category lie where it lies; who asked for another place may take that back, too."""
    category = await locked(tx, code, seen)
    asked_by, parent = _proposed(category)
    category.propose(None, None)
    keep(tx, category, "move_refused", reason)
    before = {"proposed_parent": parent, "asked_by": asked_by}
    tx.audit("refuse_move", "category", code, before=before, reason=reason)
    await tx.flush()
    return category


def _proposed(category: Category) -> tuple[str, str | None]:
    """Return who asks for another place of a category, and which; raises ConflictError for none."""
    if category.proposed_by is None:
        detail = f"Nobody proposes another place for {category.code}: state another `parent` first."
        raise ConflictError("wrong_state", detail, allowed=[])
    return category.proposed_by, category.proposed_parent

"""Reads of categories, what others may ask of the tree, and the policy of codes that nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find, whether, worded
from purveyor.policies import Policy
from purveyor.texts import Code, Name
from sourcing.categories import store
from sourcing.categories.model import Category, Version
from sourcing.categories.rules.codes import Cpv, Unspsc
from sourcing.categories.rules.definitions import UnknownCategories

UNKNOWN_CATEGORIES = Policy(
    "unknown-categories",
    UnknownCategories,
    "What becomes of a code that no category has, when a supplier is registered or changed with it",
)
LIES_IN = "lies_in"


CATEGORIES = Listing(
    name="categories",
    id=Category.code,
    id_name="code",
    id_kind=Code,
    filters=(
        worded(
            Category.words, "Beginnings of words of its code and names, in any language", example="fasten"
        ),
        equal("parent", Code, Category.parent, "What it lies in directly", example="fasteners"),
        Filter(name=LIES_IN, kind=Code, description="What it lies in, however deep", example="metals"),
        whether("top", Category.parent.is_(None), "Whether it lies in no other"),
        equal("owner", Name, Category.owner, "Who answers for it", example="carla"),
        equal("unspsc", Unspsc, Category.unspsc, "Its code of the UNSPSC", example="31161500"),
        equal("cpv", Cpv, Category.cpv, "Its code of the CPV", example="44530000-4"),
        whether("retired", Category.retired_on.is_not(None), "Whether nothing new is begun in it"),
        whether("taken_over", Category.taken_over, "Whether nobody has stated it: its code was in use"),
    ),
    sorts=both_ways("code", Category.code),
    changed=Category.changed_in,
)


async def find_categories(tx: Transaction, asked: Asked) -> Found[Category]:
    """Return a page of categories."""
    statement = select(Category)
    if LIES_IN in asked.filters:
        below = await store.below(tx, asked.filters[LIES_IN])
        statement = statement.where(Category.code == any_(literal(below, ARRAY(Text))))
    return await find(tx, statement, asked)


async def category_called(tx: Transaction, code: str) -> Category:
    """Return a category; raises NotFoundError."""
    found = (await store.called(tx, [code])).get(code)
    if found is None:
        raise NotFoundError("category", code)
    return found


async def versions_of(tx: Transaction, code: str, after: int, at_most: int) -> list[Version]:
    """Return versions of a category, those behind a number, the first first; raises NotFoundError."""
    return await store.versions(tx, (await category_called(tx, code)).id, after, at_most)


async def expect_categories(
    tx: Transaction, codes: Sequence[str], pointer: str, *, but: Collection[str] = (), suggest: bool = True
) -> None:
    """Raise InvalidError for codes of categories that there are not, or that are retired, `but` for some.

    Codes that are like one are told unless there is nothing to `suggest` to whoever asks.
    """
    known = await store.called(tx, [code for code in codes if code not in but])
    unknown = {place: code for place, code in enumerate(codes) if code not in known and code not in but}
    if unknown:
        raise await no_such(tx, {f"{pointer}/{place}": code for place, code in unknown.items()}, suggest)
    expect_not_retired(codes, known.values(), pointer)


async def expect_in_use(
    tx: Transaction, codes: Sequence[str], pointer: str, *, but: Collection[str] = ()
) -> None:
    """Raise InvalidError for codes of categories that are retired, at a pointer, `but` for some codes."""
    known = await store.called(tx, [code for code in codes if code not in but])
    expect_not_retired(codes, known.values(), pointer)


def expect_not_retired(codes: Sequence[str], known: Collection[Category], pointer: str) -> None:
    """Raise InvalidError for codes of categories in which nothing new is begun."""
    retired = {one.code: one.retired_on for one in known if one.retired_on is not None}
    errors = [
        FieldError(f"{pointer}/{place}", f"{code} was retired on {retired[code]}")
        for place, code in enumerate(codes)
        if code in retired
    ]
    if errors:
        raise InvalidError(
            "category_retired", "Nothing new is begun in a category that is retired.", errors=errors
        )


async def no_such(tx: Transaction, unknown: Mapping[str, str], suggest: bool = True) -> InvalidError:
    """Return the refusal of codes that no category has, by their pointers, with codes that are like them."""
    errors = []
    for pointer, code in unknown.items():
        near = ""
        if suggest:
            alike = await store.alike(tx, code)
            near = f": is it {' or '.join(alike)}?" if alike else ", and none is like it"
        errors.append(FieldError(pointer, f"no category has the code {code}{near}"))
    return InvalidError("category_unknown", " ".join(one.detail for one in errors[:3]), errors=errors)


async def ancestors_of(tx: Transaction, code: str) -> tuple[str, ...]:
    """Return what a category lies in, the nearest first."""
    return (await store.above(tx, [code])).get(code, ())


async def ancestors_of_each(tx: Transaction, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of some categories lies in; nothing of those at the top."""
    return await store.above(tx, codes) if codes else {}


async def descendants_of(tx: Transaction, code: str) -> list[str]:
    """Return all that lies in a category, however deep."""
    return await store.below(tx, code)


async def codes_in_use(tx: Transaction) -> set[str]:
    """Return the codes of all categories that are not retired."""
    return set(await tx.session.scalars(select(Category.code).where(Category.retired_on.is_(None))))

"""Words of suppliers: those that a typed one may be a slip of, and those to learn of who changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from purveyor.changes import look
from purveyor.db import Transaction
from purveyor.sql import Statement
from sourcing.suppliers.model.words import SupplierWord, WordsLearned

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Changed:
    """What search looks into of a supplier that changed."""

    id: UUID
    search_text: str
    changed_in: int
    ended: bool
    """Whether all transactions up to the one that changed it have ended: nobody comes before it any more."""


CHANGED = Statement(
    Changed,
    """
    SELECT id, search_text, changed_in, changed_in < :before::bigint AS ended
    FROM supplier
    WHERE (changed_in, id) > (:changed_in::bigint, :supplier_id::uuid)
    ORDER BY changed_in, id
    LIMIT :limit
    """,
)
UNKNOWN = (
    "SELECT word FROM unnest($1::text[]) AS word EXCEPT SELECT word FROM supplier_word WHERE word = ANY ($1)"
)
LEARN = "INSERT INTO supplier_word (word, without) VALUES ($1, $2) ON CONFLICT DO NOTHING"


async def near(tx: Transaction, without: Collection[str]) -> Sequence[str]:
    """Return the words that have one of these left without a letter, or are one of them."""
    statement = select(SupplierWord.word).where(SupplierWord.without.overlap(sorted(without)))
    return (await tx.session.scalars(statement)).all()


async def changed_since(tx: Transaction, learned: WordsLearned, limit: int) -> Sequence[Changed]:
    """Return suppliers in the order in which they changed, behind the last one whose words were learned."""
    horizon = await look(tx.connection)
    return await CHANGED.all(
        tx.connection,
        changed_in=learned.changed_in,
        supplier_id=learned.supplier_id,
        before=horizon.ended_before,
        limit=limit,
    )


async def unknown(tx: Transaction, words: Collection[str]) -> Sequence[str]:
    """Return those of some words that are not known yet."""
    return [row[0] for row in await tx.connection.fetch(UNKNOWN, sorted(words))]


async def learn(tx: Transaction, words: Mapping[str, Sequence[str]]) -> None:
    """Keep words, each with what is left without a letter of it."""
    await tx.connection.executemany(LEARN, [(word, list(without)) for word, without in words.items()])


async def lock_learned(tx: Transaction) -> WordsLearned:
    """Return how far words were learned; nobody else learns meanwhile."""
    found: WordsLearned | None = await tx.session.get(WordsLearned, 1, with_for_update=True)
    if found is None:
        found = WordsLearned(id=1, changed_in=-1, supplier_id=FIRST)
        tx.session.add(found)
        await tx.session.flush()
    return found

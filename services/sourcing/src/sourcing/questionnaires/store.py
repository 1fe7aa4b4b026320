"""Questionnaires in SQL: one edition, one to change, the one that suppliers are asked now, many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, whether
from purveyor.texts import Code
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.rules.states import EditionStatus

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('questionnaire ' || $1, 0))"

QUESTIONNAIRES = Listing(
    name="questionnaires",
    id=Questionnaire.id,
    filters=(
        equal("code", Code, Questionnaire.code, "Editions of this questionnaire", example="quality"),
        equal("status", EditionStatus, Questionnaire.status, "Where it stands", example="published"),
        equal(
            "category", Code, Questionnaire.category, "For suppliers of this category", example="fasteners"
        ),
        equal("region", Code, Questionnaire.region, "For this region", example="EMEA"),
        whether("required", Questionnaire.required, "Whether nobody is approved without it"),
    ),
    sorts=(
        *both_ways("id", Questionnaire.id)[::-1],
        *both_ways("code", Questionnaire.code, Questionnaire.id),
    ),
    changed=Questionnaire.changed_in,
)


async def find_questionnaires(tx: Transaction, asked: Asked) -> Found[Questionnaire]:
    """Return a page of editions."""
    return await find(tx, select(Questionnaire), asked)


async def get_questionnaire(tx: Transaction, questionnaire_id: UUID) -> Questionnaire:
    """Return an edition; raises NotFoundError."""
    return _found(questionnaire_id, await tx.session.get(Questionnaire, questionnaire_id))


async def lock_questionnaire(tx: Transaction, questionnaire_id: UUID) -> Questionnaire:
    """Return an edition that nobody else changes meanwhile; raises NotFoundError."""
    found = await tx.session.get(
        Questionnaire, questionnaire_id, with_for_update=True, populate_existing=True
    )
    return _found(questionnaire_id, found)


async def lock_code(tx: Transaction, code: str) -> None:
    """Let nobody else begin or publish an edition of a questionnaire meanwhile."""
    await tx.connection.execute(LOCK, code)


async def last_edition(tx: Transaction, code: str) -> Questionnaire | None:
    """Return the newest edition of a questionnaire."""
    found: Questionnaire | None = await tx.session.scalar(
        select(Questionnaire)
        .where(Questionnaire.code == code)
        .order_by(Questionnaire.edition.desc())
        .limit(1)
    )
    return found


async def in_status(tx: Transaction, code: str, status: EditionStatus) -> Questionnaire | None:
    """Return the edition of a questionnaire that is drafted, or that is published: there is one at most."""
    found: Questionnaire | None = await tx.session.scalar(
        select(Questionnaire).where(Questionnaire.code == code, Questionnaire.status == status)
    )
    return found


async def by_ids(tx: Transaction, ids: Collection[UUID]) -> Mapping[UUID, Questionnaire]:
    """Return editions by their ids."""
    found = await tx.session.scalars(select(Questionnaire).where(Questionnaire.id.in_(ids)))
    return {questionnaire.id: questionnaire for questionnaire in found}


async def required(tx: Transaction) -> Sequence[tuple[str, str | None]]:
    """Return the codes of published questionnaires that are required, and for what; None is everything."""
    found = await tx.session.execute(
        select(Questionnaire.code, Questionnaire.category)
        .where(Questionnaire.status == EditionStatus.PUBLISHED, Questionnaire.required)
        .order_by(Questionnaire.code)
    )
    return [(row.code, row.category) for row in found]


def _found(questionnaire_id: UUID, questionnaire: Questionnaire | None) -> Questionnaire:
    if questionnaire is None:
        raise NotFoundError("questionnaire", questionnaire_id)
    return questionnaire

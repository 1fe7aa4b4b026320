"""Drafting, publishing and retiring editions of questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError
from purveyor.versions import Seen, expect_version
from sourcing.questionnaires import store
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.queries import expect_category
from sourcing.questionnaires.rules.checks import check, check_marks
from sourcing.questionnaires.rules.questions import Content
from sourcing.questionnaires.rules.states import (
    PUBLISHED_BY_ANOTHER,
    RETIRED_BY_ANOTHER,
    EditionMove,
    EditionStatus,
    moved,
)

QUESTIONNAIRE = "questionnaire"


@dataclass(frozen=True, slots=True)
class Stated:
    """All that is stated of an edition."""

    title: str
    category: str | None
    region: str | None
    required: bool
    pass_mark: Decimal | None
    conditional_mark: Decimal | None
    content: Content


async def begin(tx: Transaction, code: str, stated: Stated) -> Questionnaire:
    """Draft the first edition of a questionnaire, or its next one; raises ConflictError while one is drafted.

    What it says of categories, weights and conditions is checked at once.
    """
    await _check(tx, stated)
    await store.lock_code(tx, code)
    last = await store.last_edition(tx, code)
    if last is not None and last.status == EditionStatus.DRAFT:
        raise ConflictError(
            "edition_drafted",
            f"Edition {last.edition} of {code} is drafted already: change that one.",
            questionnaire_id=str(last.id),
        )
    questionnaire = Questionnaire(
        code=code,
        edition=1 if last is None else last.edition + 1,
        status=EditionStatus.DRAFT.value,
        drafted_by=tx.actor,
        drafted_at=tx.now,
    )
    _state(questionnaire, stated)
    questionnaire.note_author(tx.actor)
    tx.session.add(questionnaire)
    await tx.flush()
    tx.audit("draft", QUESTIONNAIRE, questionnaire.id, after=_audited(questionnaire))
    return questionnaire


async def change(tx: Transaction, questionnaire_id: UUID, seen: Seen, stated: Stated) -> Questionnaire:
    """State a draft anew; raises ConflictError for what was published, which never changes."""
    questionnaire = await _lock(tx, questionnaire_id, seen)
    questionnaire.move(EditionMove.CHANGE)
    await _check(tx, stated)
    before = _audited(questionnaire)
    _state(questionnaire, stated)
    questionnaire.note_author(tx.actor)
    tx.audit("change", QUESTIONNAIRE, questionnaire.id, before=before, after=_audited(questionnaire))
    return questionnaire


async def publish(tx: Transaction, questionnaire_id: UUID, seen: Seen) -> Questionnaire:
    """Let suppliers be asked an edition; the one before it is retired, and goes on where it was begun.

    Who drafted any of it does not publish it: by what it says suppliers qualify, or need not.
    """
    await store.lock_code(tx, (await store.get_questionnaire(tx, questionnaire_id)).code)
    questionnaire = await _lock(tx, questionnaire_id, seen)
    moved(EditionStatus(questionnaire.status), EditionMove.PUBLISH)
    expect_another(tx.actor, questionnaire.authors, PUBLISHED_BY_ANOTHER)
    before = await store.in_status(tx, questionnaire.code, EditionStatus.PUBLISHED)
    if before is not None:
        await _retire(tx, before, f"Edition {questionnaire.edition} takes its place")
        await tx.flush()  # one edition is published at most, at every moment
    questionnaire.publish(tx.actor, tx.now)
    tx.audit("publish", QUESTIONNAIRE, questionnaire.id, after={"status": questionnaire.status})
    return questionnaire


async def retire(tx: Transaction, questionnaire_id: UUID, seen: Seen, reason: str) -> Questionnaire:
    """Ask nobody an edition any more; where it was begun, it goes on.

    One that is required goes on being so until somebody else, who drafted none of it, asks for the same.
    """
    questionnaire = await _lock(tx, questionnaire_id, seen)
    moved(EditionStatus(questionnaire.status), EditionMove.RETIRE)
    if questionnaire.required and questionnaire.status == EditionStatus.PUBLISHED:
        asked_by = questionnaire.retirement_asked_by
        if asked_by is None:
            questionnaire.retirement_asked_by = tx.actor
            tx.audit("ask_to_retire", QUESTIONNAIRE, questionnaire.id, reason=reason)
            return questionnaire
        expect_another(tx.actor, (*questionnaire.authors, asked_by), RETIRED_BY_ANOTHER)
    questionnaire.retired_by = tx.actor
    await _retire(tx, questionnaire, reason)
    return questionnaire


async def _retire(tx: Transaction, questionnaire: Questionnaire, reason: str) -> None:
    before = {"status": questionnaire.status}
    questionnaire.move(EditionMove.RETIRE)
    after = {"status": questionnaire.status}
    tx.audit("retire", QUESTIONNAIRE, questionnaire.id, before=before, after=after, reason=reason)


async def _lock(tx: Transaction, questionnaire_id: UUID, seen: Seen) -> Questionnaire:
    questionnaire = await store.lock_questionnaire(tx, questionnaire_id)
    expect_version(questionnaire, seen)
    return questionnaire


async def _check(tx: Transaction, stated: Stated) -> None:
    check(stated.content)
    check_marks(stated.content, stated.pass_mark, stated.conditional_mark)
    if stated.category is not None:
        await expect_category(tx, stated.category, "/category")


def _state(questionnaire: Questionnaire, stated: Stated) -> None:
    questionnaire.title = stated.title
    questionnaire.category, questionnaire.region = stated.category, stated.region
    questionnaire.required = stated.required
    questionnaire.pass_mark, questionnaire.conditional_mark = stated.pass_mark, stated.conditional_mark
    questionnaire.sections = stated.content.model_dump(mode="json")["sections"]


def _audited(questionnaire: Questionnaire) -> dict[str, Any]:
    names = ("title", "category", "region", "required", "pass_mark", "conditional_mark", "sections")
    return {name: getattr(questionnaire, name) for name in names}

"""What a supplier does with a case: keep drafts of its answers, and submit them; and who gives them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.qualification import QualificationReturned, QualificationSubmitted
from purveyor_messaging.outbox import record
from sourcing.files.commands import claim
from sourcing.qualification import store
from sourcing.qualification.commands.cases import audit, expect_may_take_back, lock_both, matter
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.queries import with_questions
from sourcing.qualification.rules.answers import Answer, check_answers, check_complete
from sourcing.qualification.rules.states import Move


async def save_answers(
    tx: Transaction, case_id: UUID, seen: Seen, answers: Sequence[Answer], by: Principal
) -> QualificationCase:
    """Keep a supplier's answers as they are so far, all of them; nothing need be complete.

    Raises InvalidError naming answers that fit no question, or one that is not asked in view of the others,
    and files that the supplier has not uploaded.
    """
    case = await store.lock_case(tx, case_id)
    _expect_own(case, by)
    expect_version(case, seen)
    case.expect_possible(Move.ANSWER)
    check_answers((await with_questions(tx, case)).questionnaire.content, answers)
    for place, answer in enumerate(answers):
        if answer.file_id is not None:
            await claim(tx, answer.file_id, by, pointer=f"/answers/{place}/file_id")
    before = case.status
    case.answer(answers)
    audit(tx, "answer", case, before, answered=[answer.question for answer in answers])
    return case


async def submit(tx: Transaction, case_id: UUID, seen: Seen, by: Principal) -> QualificationCase:
    """Hand a supplier's answers in, once everything mandatory is answered; → QualificationSubmitted."""
    _expect_own(await store.get_case(tx, case_id), by)
    supplier, case = await lock_both(tx, case_id, seen)
    case.expect_possible(Move.SUBMIT)
    check_complete((await with_questions(tx, case)).questionnaire.content, case.given)
    before = case.status
    case.submit(tx.actor, tx.now)
    event = QualificationSubmitted(**matter(case), submitted_on=tx.day, submitted_by=tx.actor)
    record(tx, supplier, event)
    audit(tx, "submit", case, before)
    return case


async def give_back(
    tx: Transaction, case_id: UUID, seen: Seen, due_on: date | None, told: str, by: Principal
) -> QualificationCase:
    """Let a supplier answer again; marks that were given are kept, and count no more.

    → QualificationReturned. Raises ForbiddenError for an author of the supplier, who declared a conflict, and
    once all marks are there for who does not decide.
    """
    supplier, case = await lock_both(tx, case_id, seen)
    case.expect_possible(Move.RETURN)
    await expect_may_take_back(tx, supplier, case, by)
    before = case.status
    case.give_back(told)
    case.due_on = due_on or case.due_on
    event = QualificationReturned(
        **matter(case), due_on=case.due_on, reason_for_supplier=told, returned_by=tx.actor
    )
    record(tx, supplier, event)
    audit(tx, "return", case, before, told)
    return case


def _expect_own(case: QualificationCase, by: Principal) -> None:
    if not by.may_see_supplier(case.supplier_id):
        raise NotFoundError("qualification case", case.id)

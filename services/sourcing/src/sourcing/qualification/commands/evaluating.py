"""Evaluators of a case: named, asked for conflicts, and marking each apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError
from purveyor.versions import Seen
from sourcing.qualification import queries
from sourcing.qualification.commands.cases import audit, lock_both
from sourcing.qualification.model import Evaluator, QualificationCase
from sourcing.qualification.rules.arithmetic import check_marks_given
from sourcing.qualification.rules.evaluating import (
    CONFLICTED,
    EVALUATED_BY_ANOTHER,
    check_may_declare,
    check_may_mark,
    conflicted,
    is_complete,
)
from sourcing.qualification.rules.states import Move
from sourcing.suppliers.model import Supplier


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark for an answer, and why."""

    question: str
    mark: Decimal
    comment: str | None


async def name_evaluator(tx: Transaction, case_id: UUID, seen: Seen, person: str) -> QualificationCase:
    """Name somebody to mark a case, who has written nothing of its supplier.

    Raises ConflictError for one who is named already, and once all marks are there: who may have seen them
    gives none.
    """
    supplier, case = await lock_both(tx, case_id, seen)
    case.expect_possible(Move.NAME_EVALUATOR)
    expect_another(person, supplier.authors, EVALUATED_BY_ANOTHER)
    expect_another(tx.actor, conflicted(case.parts), CONFLICTED)
    if any(evaluator.person == person for evaluator in case.evaluators):
        raise ConflictError("evaluator_named", f"{person} evaluates case {case.number} already.")
    if await _is_complete(tx, case):
        raise ConflictError("evaluation_complete", "All marks are there: whoever comes now has seen them.")
    before = case.status
    case.move(Move.NAME_EVALUATOR)
    case.evaluators.append(_named(tx, supplier, person))
    case.evaluated_at = tx.now
    audit(tx, "name-evaluator", case, before, evaluator=person)
    return case


async def declare(tx: Transaction, case_id: UUID, conflict: str | None) -> QualificationCase:
    """Note that an evaluator has a conflict of interest, and gives no marks, or that they have none.

    Who was not named may have one too: they have no part in the case from then on. It is not taken back.
    """
    supplier, case = await lock_both(tx, case_id, None)
    case.expect_possible(Move.MARK)
    check_may_declare(tx.actor, case.parts, conflict=conflict is not None)
    if all(part.person != tx.actor for part in case.parts):
        expect_another(tx.actor, supplier.authors, EVALUATED_BY_ANOTHER)
        case.evaluators.append(_named(tx, supplier, tx.actor))
    evaluator = _own(case, tx.actor, supplier)
    evaluator.declared_at, evaluator.conflict = tx.now, conflict
    case.evaluated_at = tx.now
    audit(tx, "declare", case, case.status, has_conflict=conflict is not None)
    return case


async def mark(tx: Transaction, case_id: UUID, marks: Sequence[Marked]) -> QualificationCase:
    """Keep an evaluator's marks, for every answer that counts; they are given once.

    Raises ForbiddenError for who was not named, or has written the supplier since, and ConflictError before
    a conflict of interest is denied, after one was declared, and after marks were given.
    """
    supplier, case = await lock_both(tx, case_id, None)
    case.expect_possible(Move.MARK)
    check_may_mark(tx.actor, case.parts)
    questionnaire = (await queries.with_questions(tx, case)).questionnaire
    check_marks_given(questionnaire.content, case.given, [one.question for one in marks])
    evaluator = _own(case, tx.actor, supplier)
    evaluator.marked_at = tx.now
    evaluator.marks = [
        {"question": one.question, "mark": str(one.mark), "comment": one.comment} for one in marks
    ]
    case.evaluated_at = tx.now
    audit(tx, "mark", case, case.status, marks=len(evaluator.marks))
    return case


def _named(tx: Transaction, supplier: Supplier, person: str) -> Evaluator:
    return Evaluator(
        person=person,
        supplier_authors=list(supplier.authors),
        named_by=tx.actor,
        named_at=tx.now,
        earlier_marks=[],
    )


async def _is_complete(tx: Transaction, case: QualificationCase) -> bool:
    policy = await queries.policy(tx, tx.day, case.category)
    return is_complete(case.parts, policy.value.least_evaluators)


def _own(case: QualificationCase, person: str, supplier: Supplier) -> Evaluator:
    """Return the row of an evaluator, who must not have become an author of the supplier meanwhile."""
    expect_another(person, supplier.authors, EVALUATED_BY_ANOTHER)
    [own] = [evaluator for evaluator in case.evaluators if evaluator.person == person]
    own.supplier_authors = list(supplier.authors)
    return own

"""Cases in SQL: one, one to change, those that hold for a supplier, those whose time has come, many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, between, both_ways, equal, find, numbered
from purveyor.texts import Code, Line
from sourcing.qualification.model import Condition, Evaluator, QualificationCase, case_number
from sourcing.qualification.rules.states import HOLDS, OPEN, CaseStatus, Decision
from sourcing.questionnaires.model import Questionnaire


@dataclass(frozen=True, slots=True)
class CaseWithQuestions:
    """A case and the edition of the questionnaire that it goes by."""

    case: QualificationCase
    questionnaire: Questionnaire


CASES = Listing(
    name="qualification-cases",
    id=QualificationCase.id,
    filters=(
        numbered("QC", QualificationCase.serial_number),
        equal("supplier_id", UUID, QualificationCase.supplier_id, "Of this supplier"),
        equal("status", CaseStatus, QualificationCase.status, "Where it stands", example="submitted"),
        equal("category", Code, QualificationCase.category, "For this category", example="fasteners"),
        equal("region", Code, QualificationCase.region, "For this region", example="EMEA"),
        equal("questionnaire_id", UUID, QualificationCase.questionnaire_id, "By this edition"),
        Filter(
            name="evaluator",
            kind=Line,
            test=lambda people: QualificationCase.id.in_(
                select(Evaluator.case_id).where(Evaluator.person.in_(people))
            ),
            description="Which this person evaluates",
            example="eva.quality",
            several=True,
            ours=True,
        ),
        *between("due", Day, QualificationCase.due_on, "To be answered by this day"),
        *between(
            "valid_until",
            Day,
            QualificationCase.valid_until,
            "Holding until this day",
        ),
    ),
    sorts=(
        *both_ways("id", QualificationCase.id)[::-1],
        *both_ways("due_on", QualificationCase.due_on, QualificationCase.id),
    ),
    changed=QualificationCase.changed_in,
)


async def find_cases(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[QualificationCase]:
    """Return a page of cases, of one supplier or of all."""
    cases: Select[Any] = select(QualificationCase)
    if supplier_id is not None:
        cases = cases.where(QualificationCase.supplier_id == supplier_id)
    return await find(tx, cases, asked)


async def get_case(tx: Transaction, case_id: UUID) -> QualificationCase:
    """Return a case; raises NotFoundError."""
    return _found(case_id, await tx.session.get(QualificationCase, case_id))


async def lock_case(tx: Transaction, case_id: UUID) -> QualificationCase:
    """Return a case that nobody else changes meanwhile; who changes its supplier too locks that first."""
    await tx.session.flush()
    found = await tx.session.get(QualificationCase, case_id, with_for_update=True, populate_existing=True)
    return _found(case_id, found)


def add_case(tx: Transaction, case: QualificationCase) -> None:
    """Keep a case that was begun."""
    tx.session.add(case)


async def open_case(tx: Transaction, like: QualificationCase) -> QualificationCase | None:
    """Return the undecided case of the same supplier, category, region, site and questionnaire, if any."""
    found: QualificationCase | None = await tx.session.scalar(
        _alike(like).where(QualificationCase.status.in_(OPEN))
    )
    return found


async def held_before(tx: Transaction, case: QualificationCase) -> Sequence[QualificationCase]:
    """Return the cases that a case takes the place of: of the same matter, holding still."""
    found = await tx.session.scalars(
        _alike(case)
        .where(QualificationCase.status.in_(HOLDS), QualificationCase.id != case.id)
        .with_for_update()
    )
    return found.all()


async def of_same_matter(tx: Transaction, case: QualificationCase, ids: Collection[UUID]) -> Sequence[UUID]:
    """Return which of some cases are of the same questionnaire, category, region and site as a case.

    Those of a supplier that was merged into its own were of sites that this one may not have.
    """
    found = await tx.session.scalars(
        select(QualificationCase.id).where(
            QualificationCase.id.in_(ids),
            QualificationCase.questionnaire_code == case.questionnaire_code,
            QualificationCase.category == case.category,
            QualificationCase.region.is_not_distinct_from(case.region),
            QualificationCase.site.is_not_distinct_from(case.site)
            | (QualificationCase.supplier_id != case.supplier_id),
        )
    )
    return found.all()


async def rejected(tx: Transaction, supplier_id: UUID) -> Sequence[tuple[str, str]]:
    """Return the categories and numbers of cases that were rejected, and not decided otherwise since."""
    matter = (
        QualificationCase.category,
        QualificationCase.region,
        QualificationCase.site,
        QualificationCase.questionnaire_code,
    )
    latest = (
        select(QualificationCase.category, QualificationCase.serial_number, QualificationCase.decision)
        .ext(distinct_on(*matter))
        .where(QualificationCase.supplier_id == supplier_id, QualificationCase.decision.is_not(None))
        .order_by(*matter, QualificationCase.decided_at.desc(), QualificationCase.serial_number.desc())
        .subquery()
    )
    found = await tx.session.execute(
        select(latest.c.category, latest.c.serial_number)
        .where(latest.c.decision == Decision.REJECTED.value)
        .order_by(latest.c.serial_number)
    )
    return [(row.category, case_number(row.serial_number)) for row in found]


async def held_by(tx: Transaction, supplier_id: UUID, day: date) -> dict[str, dict[str, date]]:
    """Return by which questionnaires a supplier is qualified for what on a day, and until when."""
    found = await tx.session.execute(
        select(
            QualificationCase.questionnaire_code,
            QualificationCase.category,
            func.max(QualificationCase.valid_until),
        )
        .where(
            QualificationCase.supplier_id == supplier_id,
            QualificationCase.status.in_(HOLDS),
            QualificationCase.valid_until >= day,
        )
        .group_by(QualificationCase.questionnaire_code, QualificationCase.category)
    )
    held: dict[str, dict[str, date]] = {}
    for code, category, valid_until in found:
        if valid_until is not None:
            held.setdefault(code, {})[category] = valid_until
    return held


async def ended_by(tx: Transaction, day: date) -> Sequence[tuple[UUID, UUID]]:
    """Return the suppliers and cases whose last day is over, in the order in which suppliers are locked."""
    return await _whose_time_has_come(tx, QualificationCase.valid_until < day)


async def ending_by(tx: Transaction, last: date) -> Sequence[tuple[UUID, UUID]]:
    """Return the suppliers and cases that hold until a day at most."""
    return await _whose_time_has_come(tx, QualificationCase.valid_until <= last)


async def with_overdue_conditions(tx: Transaction, day: date) -> Sequence[tuple[UUID, UUID]]:
    """Return the suppliers and cases with a condition that fell overdue and was not told yet."""
    overdue = exists().where(
        Condition.case_id == QualificationCase.id,
        Condition.met_on.is_(None),
        Condition.due_on < day,
        Condition.overdue_told_on.is_(None),
    )
    return await _whose_time_has_come(tx, overdue)


async def renewed_by(tx: Transaction, case_id: UUID) -> UUID | None:
    """Return the case after a case, if it has begun: also when somebody withdrew it since."""
    found: UUID | None = await tx.session.scalar(
        select(QualificationCase.id).where(QualificationCase.renews == case_id).limit(1)
    )
    return found


async def resting_on(tx: Transaction, file_id: UUID) -> QualificationCase | None:
    """Return a case that is open, or holds, and has a file among its answers; None when none has."""
    found: QualificationCase | None = await tx.session.scalar(
        select(QualificationCase)
        .where(
            QualificationCase.status.in_((*OPEN, *HOLDS)),
            QualificationCase.answers.contains([{"file_id": str(file_id)}]),
        )
        .limit(1)
    )
    return found


async def _whose_time_has_come(
    tx: Transaction, condition: ColumnElement[bool]
) -> Sequence[tuple[UUID, UUID]]:
    found = await tx.session.execute(
        select(QualificationCase.supplier_id, QualificationCase.id)
        .where(QualificationCase.status.in_(HOLDS), condition)
        .order_by(QualificationCase.supplier_id, QualificationCase.id)
    )
    return [(row.supplier_id, row.id) for row in found]


def _alike(case: QualificationCase) -> Select[Any]:
    return select(QualificationCase).where(
        QualificationCase.supplier_id == case.supplier_id,
        QualificationCase.category == case.category,
        QualificationCase.region.is_not_distinct_from(case.region),
        QualificationCase.site.is_not_distinct_from(case.site),
        QualificationCase.questionnaire_code == case.questionnaire_code,
    )


def _found(case_id: UUID, case: QualificationCase | None) -> QualificationCase:
    if case is None:
        raise NotFoundError("qualification case", case_id)
    return case


async def regions_held(tx: Transaction, day: date) -> dict[UUID, set[tuple[str, str | None]]]:
    """Return for which categories and regions each supplier is qualified on a day by a case; None: of all."""
    found = await tx.session.execute(
        select(QualificationCase.supplier_id, QualificationCase.category, QualificationCase.region)
        .where(QualificationCase.status.in_(HOLDS), QualificationCase.valid_until >= day)
        .distinct()
    )
    held: dict[UUID, set[tuple[str, str | None]]] = {}
    for supplier_id, category, region in found:
        held.setdefault(supplier_id, set()).add((category, region))
    return held

"""Finds cases with what they ask, and says who is qualified: what suppliers' approval asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.lists import Asked, Found
from purveyor.policies import Place, Policy, Version
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification import store
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.rules.covering import is_required, qualified_until
from sourcing.qualification.rules.lasting import Qualifying, exception_until
from sourcing.qualification.store import CaseWithQuestions
from sourcing.questionnaires import store as questionnaires
from sourcing.suppliers.rules.exceptions import Unqualified

QUALIFICATION = Policy(
    "qualification",
    Qualifying,
    "How suppliers are qualified: how many evaluate, for how long it holds, when the next case begins",
    frozenset({"category"}),
)


async def find_cases(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[CaseWithQuestions]:
    """Return a page of cases with their questionnaires."""
    page = await store.find_cases(tx, asked, supplier_id)
    found = await questionnaires.by_ids(tx, {case.questionnaire_id for case in page.rows})
    return page.each([CaseWithQuestions(case, found[case.questionnaire_id]) for case in page.rows])


async def with_questions(tx: Transaction, case: QualificationCase) -> CaseWithQuestions:
    """Return a case with the edition that it goes by."""
    return CaseWithQuestions(case, await questionnaires.get_questionnaire(tx, case.questionnaire_id))


async def get_case(tx: Transaction, case_id: UUID) -> CaseWithQuestions:
    """Return a case with the edition that it goes by; raises NotFoundError."""
    return await with_questions(tx, await store.get_case(tx, case_id))


async def case_resting_on(tx: Transaction, file_id: UUID) -> str | None:
    """Return which case that is open, or holds, has a file among its answers; None when none has."""
    case = await store.resting_on(tx, file_id)
    return None if case is None else f"Case {case.number} ({case.status})"


async def policy(tx: Transaction, day: date, category: str | None = None) -> Version[Qualifying]:
    """Return how suppliers of a category are qualified on a day."""
    place = Place() if category is None else Place(category=category)
    return (await policies.history(tx, QUALIFICATION)).in_force(day, place)


async def unqualified(
    tx: Transaction, supplier_id: UUID, categories: Sequence[str], until: date
) -> Sequence[Unqualified]:
    """Return the categories that a supplier would be approved for without being qualified that long.

    A case of any region or making site counts: an approval knows neither.
    """
    required = await questionnaires.required_in(tx)
    if not required:
        return []
    above = await ancestors_of_each(tx, {*categories, *(one for one in required if one is not None)})
    held = await store.held_by(tx, supplier_id, tx.day)
    found = []
    for category in categories:
        known = qualified_until(category, held, above)
        if is_required(category, required, above) and (known is None or known < until):
            days = (await policy(tx, tx.day, category)).value.exception_days
            found.append(Unqualified(category, known, exception_until(tx.day, days)))
    return found

"""Finds cases with what they ask, and says who is qualified: what suppliers' approval asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.lists import Asked, Found
from purveyor.policies import Place, Policy, Version
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification import store
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.rules.covering import Covered, covered, is_required
from sourcing.qualification.rules.lasting import Qualifying, exception_until
from sourcing.qualification.rules.states import HOLDS
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

    It is by every questionnaire that is required, and nothing of it was rejected; a qualification that nobody
    requires ends an approval too. A case of any region or making site counts: an approval knows neither.
    """
    found = []
    for category, stands in (await _standing(tx, supplier_id, categories)).items():
        ends_before = stands.covered.until is not None and stands.covered.until < until
        if stands.awaited or ends_before:
            days = (await policy(tx, tx.day, category)).value.exception_days
            latest = exception_until(tx.day, days)
            found.append(
                Unqualified(
                    category, stands.covered.until, latest, stands.covered.lacking, tuple(stands.rejected)
                )
            )
    return found


async def awaited(tx: Transaction, case: QualificationCase) -> Sequence[str]:
    """Return what keeps a case that qualifies from approving: questionnaires required too, rejected cases."""
    if case.stands not in HOLDS:
        return ()
    return (await _standing(tx, case.supplier_id, [case.category]))[case.category].awaited


async def approves_until(tx: Transaction, case: QualificationCase) -> date | None:
    """Return until when a case that qualifies approves its supplier; None: it approves nothing.

    Where questionnaires are required, only the cases of these approve, and together.
    """
    stands = (await _standing(tx, case.supplier_id, [case.category]))[case.category]
    if stands.awaited:
        return None
    if not stands.covered.required:
        return case.valid_until
    return stands.covered.until if case.questionnaire_code in stands.covered.required else None


@dataclass(frozen=True, slots=True)
class _Standing:
    covered: Covered
    rejected: Sequence[str]

    @property
    def awaited(self) -> Sequence[str]:
        return (*self.covered.lacking, *self.rejected)


async def _standing(tx: Transaction, supplier_id: UUID, categories: Sequence[str]) -> Mapping[str, _Standing]:
    """Return how a supplier is qualified for categories today, and which rejected cases stand against it."""
    required = await questionnaires.required(tx)
    held = await store.held_by(tx, supplier_id, tx.day)
    rejected = await store.rejected(tx, supplier_id)
    tree = {one for _, one in required if one is not None} | {one for one, _ in rejected}
    above = await ancestors_of_each(tx, {*categories, *tree}) if required or held or rejected else {}
    return {
        category: _Standing(
            covered(category, required, held, above),
            [number for one, number in rejected if is_required(category, [one], above)],
        )
        for category in categories
    }

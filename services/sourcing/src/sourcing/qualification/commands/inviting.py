"""A supplier is asked to qualify: by somebody, or by itself when the end of the last case is near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.qualification import QualificationWithdrawn, SupplierInvited
from purveyor_messaging.outbox import record
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification import store
from sourcing.qualification.commands.cases import audit, expect_may_take_back, lock_both, matter
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.rules.covering import Above, covers
from sourcing.qualification.rules.states import CaseStatus, Move
from sourcing.questionnaires import store as questionnaires
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.queries import expect_category
from sourcing.questionnaires.rules.states import EditionStatus
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import Status, not_offered
from sourcing.suppliers.store.rows import lock_supplier


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which supplier is asked what, for which category, region and making site, and by when."""

    supplier_id: UUID
    questionnaire_id: UUID
    category: str
    region: str | None
    site: str | None
    due_on: date


async def invite(tx: Transaction, invitation: Invitation) -> QualificationCase:
    """Ask a supplier to answer a questionnaire; → SupplierInvited.

    Raises ConflictError while the same is asked already, and InvalidError for a questionnaire that is not
    for this, a category that it does not offer, a site that it does not have, or a day that is over.
    """
    supplier = await lock_supplier(tx, invitation.supplier_id)
    questionnaire = await questionnaires.get_questionnaire(tx, invitation.questionnaire_id)
    _expect_asked(questionnaire)
    above = await ancestors_of_each(tx, [invitation.category])
    await expect_category(tx, invitation.category, "/category")
    _check(supplier, questionnaire, invitation, tx.day, above)
    return await begin(tx, supplier, questionnaire, invitation, renews=None)


async def begin(
    tx: Transaction,
    supplier: Supplier,
    questionnaire: Questionnaire,
    invitation: Invitation,
    renews: UUID | None,
) -> QualificationCase:
    """Begin a case of a locked supplier."""
    case = QualificationCase(
        id=new_id(),
        version=1,
        status=CaseStatus.INVITED.value,
        supplier_id=supplier.id,
        category=invitation.category,
        region=invitation.region,
        site=invitation.site,
        questionnaire_id=questionnaire.id,
        questionnaire_code=questionnaire.code,
        renews=renews,
        invited_by=tx.actor,
        invited_at=tx.now,
        due_on=invitation.due_on,
        answers=[],
        evaluators=[],
        conditions=[],
    )
    other = await store.open_case(tx, case)
    if other is not None:
        raise ConflictError(
            "case_open",
            f"Case {other.number} asks the supplier just this, and is {other.status}.",
            case_id=str(other.id),
            number=other.number,
        )
    store.add_case(tx, case)
    await tx.flush()
    record(
        tx,
        supplier,
        SupplierInvited(
            **matter(case),
            questionnaire=questionnaire.code,
            edition=questionnaire.edition,
            title=questionnaire.title,
            due_on=case.due_on,
            renews=renews,
            invited_by=tx.actor,
        ),
    )
    audit(tx, "invite", case, None, questionnaire=questionnaire.id, category=case.category, renews=renews)
    return case


async def withdraw(
    tx: Transaction, case_id: UUID, seen: Seen, reason: str, told: str | None, by: Principal
) -> QualificationCase:
    """End an undecided case; → QualificationWithdrawn.

    Once it was submitted no author of the supplier does that, nor who declared a conflict, and once all marks
    are there only who may decide.
    """
    supplier, case = await lock_both(tx, case_id, seen)
    case.expect_possible(Move.WITHDRAW)
    await expect_may_take_back(tx, supplier, case, by)
    before = case.status
    case.move(Move.WITHDRAW)
    case.reason_for_supplier = told
    event = QualificationWithdrawn(
        **matter(case), reason=reason, reason_for_supplier=told, withdrawn_by=tx.actor
    )
    record(tx, supplier, event)
    audit(tx, "withdraw", case, before, reason)
    return case


def _expect_asked(questionnaire: Questionnaire) -> None:
    if questionnaire.status != EditionStatus.PUBLISHED:
        detail = f"This edition is {questionnaire.status}: suppliers are asked what is published."
        raise InvalidError(
            "questionnaire_not_asked", detail, errors=[FieldError("/questionnaire_id", detail)]
        )


def _check(
    supplier: Supplier, questionnaire: Questionnaire, wanted: Invitation, day: date, above: Above
) -> None:
    if supplier.status is Status.TERMINATED:
        raise ConflictError("wrong_state", f"Supplier {supplier.display_number} is terminated.", allowed=[])
    errors = []
    if not_offered([wanted.category], supplier.categories, above):
        offered = ", ".join(supplier.categories) or "nothing"
        errors.append(FieldError("/category", f"The supplier offers {offered}."))
    if not covers(questionnaire.category, wanted.category, above):
        errors.append(FieldError("/category", f"The questionnaire is for {questionnaire.category}."))
    if questionnaire.region not in (None, wanted.region):
        errors.append(FieldError("/region", f"The questionnaire is for {questionnaire.region}."))
    sites = [site["name"] for site in supplier.sites]
    if wanted.site is not None and wanted.site not in sites:
        errors.append(FieldError("/site", f"The supplier has the sites: {', '.join(sites) or 'none'}."))
    if wanted.due_on < day:
        errors.append(FieldError("/due_on", f"It is {day} already."))
    if errors:
        raise InvalidError("invitation_unfit", errors[0].detail, errors=errors)

"""What days do to qualifications: reminders, the next case in time, overdue conditions, the end."""

from __future__ import annotations

from datetime import date, timedelta

from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Place
from purveyor_contract.events.sourcing.qualification import QualificationExpired, QualificationExpiring
from purveyor_messaging.outbox import record
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification import queries, store
from sourcing.qualification.commands.cases import audit, conditioned, lock_both, matter
from sourcing.qualification.commands.inviting import Invitation, begin
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.rules.lasting import Qualifying, begins_again, reminder_due
from sourcing.qualification.rules.states import Move
from sourcing.questionnaires import store as questionnaires
from sourcing.questionnaires.rules.states import EditionStatus
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.qualification import Status, not_offered

LONGEST_NOTICE = timedelta(days=730)
"""No policy begins a case, or reminds of an end, earlier than that."""


async def last_qualifications(tx: Transaction, day: date) -> None:
    """Do what a day brings to every qualification; done again for the same day, it does nothing more."""
    for _, case_id in await store.ended_by(tx, day):
        await _expire(tx, *await lock_both(tx, case_id, None))
    for _, case_id in await store.with_overdue_conditions(tx, day):
        await _tell_overdue(tx, *await lock_both(tx, case_id, None), day)
    history = await policies.history(tx, queries.QUALIFICATION)
    for _, case_id in await store.ending_by(tx, day + LONGEST_NOTICE):
        supplier, case = await lock_both(tx, case_id, None)
        policy = history.in_force(day, Place(category=case.category)).value
        await _remind(tx, supplier, case, day, policy)


async def _expire(tx: Transaction, supplier: Supplier, case: QualificationCase) -> None:
    """Say that a qualification ended. The approval that it gave had the same last day, and ended with it."""
    before = case.status
    case.move(Move.EXPIRE)
    record(tx, supplier, QualificationExpired(**matter(case), valid_until=case.valid_until))
    audit(tx, "expire", case, before)


async def _tell_overdue(tx: Transaction, supplier: Supplier, case: QualificationCase, day: date) -> None:
    """Say that conditions are overdue; by the policy nothing new is ordered in the category meanwhile."""
    overdue = case.overdue(day)
    for condition in overdue:
        condition.overdue_told_on = day
    record(tx, supplier, conditioned(case, day, tx.actor))
    numbers = [condition.number for condition in overdue]
    audit(tx, "tell-overdue", case, case.status, conditions=numbers)
    policy = await queries.policy(tx, day, case.category)
    if policy.value.overdue_blocks:
        texts = "; ".join(f"{one.wanted} (by {one.due_on})" for one in overdue)
        suppliers.block_locked(
            tx,
            supplier,
            BlockCause.QUALIFICATION,
            case.id,
            f"Conditions of case {case.number} are overdue: {texts}",
            f"Conditions are overdue: {texts}",
            [case.category],
        )


async def _remind(
    tx: Transaction, supplier: Supplier, case: QualificationCase, day: date, policy: Qualifying
) -> None:
    """Begin the next case in time, and say at the policy's days that the end is near."""
    if case.valid_until is None or supplier.status is Status.TERMINATED:
        return
    if begins_again(case.valid_until, day, policy.begin_again_days):
        await _begin_again(tx, supplier, case, day, policy)
    due = reminder_due(case.valid_until, day, case.reminded_days, policy.remind_days)
    if due is None:
        return
    case.reminded_days = due
    event = QualificationExpiring(
        **matter(case),
        valid_until=case.valid_until,
        days_left=(case.valid_until - day).days,
        renewed_by_case=await store.renewed_by(tx, case.id),
    )
    record(tx, supplier, event)
    audit(tx, "remind", case, case.status, days=due)


async def _begin_again(
    tx: Transaction, supplier: Supplier, case: QualificationCase, day: date, policy: Qualifying
) -> None:
    """Begin the case that is to follow, by the edition that suppliers are asked now, if there is one.

    One that somebody has begun before, by hand, is the one that follows.
    """
    if await store.renewed_by(tx, case.id) is not None:
        return
    under_way = await store.open_case(tx, case)
    if under_way is not None:
        under_way.renews = case.id
        await tx.flush()
        return
    asked = await questionnaires.in_status(tx, case.questionnaire_code, EditionStatus.PUBLISHED)
    above = await ancestors_of_each(tx, [case.category])
    if asked is None or case.valid_until is None or not_offered([case.category], supplier.categories, above):
        return
    invitation = Invitation(
        supplier_id=supplier.id,
        questionnaire_id=asked.id,
        category=case.category,
        region=case.region,
        site=case.site,
        due_on=min(day + timedelta(days=policy.answer_within_days), case.valid_until),
    )
    await begin(tx, supplier, asked, invitation, renews=case.id)

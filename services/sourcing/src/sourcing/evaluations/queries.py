"""What rankings are reckoned from, who may read them, and whether what is kept still says the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from statistics import median
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import ForbiddenError, NotFoundError
from purveyor.policies import Place, Policy
from sourcing.bids.store import rows
from sourcing.categories.queries import ancestors_of_each
from sourcing.evaluations import store
from sourcing.evaluations.model import Evaluation
from sourcing.evaluations.rules.digests import written
from sourcing.evaluations.rules.inputs import (
    DutyRates,
    EvaluationInputs,
    GivenMark,
    JudgedBid,
    Justified,
    Known,
)
from sourcing.evaluations.rules.judging import judge
from sourcing.risk.store import risks_of
from sourcing.scores.store import latest_scores
from sourcing.suppliers.store.orderable import approvals_of_all
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.content import TenderKind
from sourcing.tenders.rules.criteria import Formula
from sourcing.tenders.rules.team import sees_bids
from sourcing.tenders.store import get_tender, version_of

DUTY_RATES = Policy("duty-rates", DutyRates, "What is paid on imports, by origin and HS code", frozenset())
FROM_RECORDS = frozenset({Formula.PERFORMANCE, Formula.RISK})


def expect_of_team(tender: Tender, person: str) -> None:
    """Raise ForbiddenError for who is not shown bids: not of the team, or with a conflict of interest."""
    if not sees_bids(tender.members, person):
        detail = "Those of the team are shown that who have declared to have no conflict of interest."
        raise ForbiddenError("not_of_the_team", detail)


async def counting_marks(tx: Transaction, tender: Tender) -> list[GivenMark]:
    """Return the marks that count: of evaluators who have declared no conflict since."""
    conflicted = {one.person for one in tender.members if one.has_conflict}
    return [one.given() for one in await store.marks_of(tx, tender.id) if one.person not in conflicted]


async def read_inputs(tx: Transaction, tender: Tender) -> EvaluationInputs:
    """Return all that the ranking of a tender's round is reckoned from, as it is now."""
    content = tender.says
    bids = await judged_bids(tx, tender.id, tender.round)
    known, medians = await _records(tx, tender, [one.supplier_id for one in bids])
    places = {
        (price.origin, price.hs_code)
        for one in bids
        if one.content is not None
        for price in one.content.prices
        if price.hs_code is not None
    }
    rates = (await policies.history(tx, DUTY_RATES)).in_force(tx.day, Place()).value.rates
    return EvaluationInputs(
        tender_id=tender.id,
        number=tender.number,
        kind=TenderKind(tender.kind),
        edition=tender.edition,
        round=tender.round,
        content=content,
        bids=bids,
        marks=await counting_marks(tx, tender),
        known=known,
        medians=medians,
        duties=[
            rate
            for rate in rates
            if any(origin == rate.origin and code.startswith(rate.hs_code) for origin, code in places)
        ],
        justified=[],
    )


async def judged_bids(tx: Transaction, tender_id: UUID, number: int) -> list[JudgedBid]:
    """Return the bids of a round as they were opened, in the order in which they were received."""
    return [
        JudgedBid(
            supplier_id=one.supplier_id,
            received_at=one.received_at,
            digest=one.digest.hex(),
            content=one.says,
            initial=one.first,
            why_not=one.why_not,
        )
        for one in await rows.opened_of(tx, tender_id)
        if one.round == number
    ]


async def _records(
    tx: Transaction, tender: Tender, bidders: Collection[UUID]
) -> tuple[dict[UUID, Known], dict[str, Known]]:
    """Return what is known of bidders, and the medians of all that are approved for each category."""
    content = tender.says
    terms = content.ownership
    from_records = any(one.formula in FROM_RECORDS for one in content.criteria)
    if not from_records and terms.reject_cost is None and terms.holding_rate is None:
        return {}, {}
    above = await ancestors_of_each(tx, content.categories)
    of: dict[str, set[UUID]] = {category: set() for category in content.categories}
    for supplier_id, approved in await approvals_of_all(tx, tx.day):
        for category, those in of.items():
            if approved == category or approved in above.get(category, ()):
                those.add(supplier_id)
    everybody = sorted({*bidders, *(one for those in of.values() for one in those)})
    scores, risks = await latest_scores(tx, everybody), await risks_of(tx, everybody)
    records = {}
    for one in everybody:
        score, risk = scores.get(one), risks.get(one)
        records[one] = Known(
            score=None if score is None else score.score,
            rejected_ppm=None if score is None else score.rejected_ppm,
            days_late=None if score is None else score.p90_days_late,
            risk=None if risk is None else risk.overall,
        )
    known = {one: records[one] for one in sorted(bidders)}
    return known, {category: _median([records[one] for one in those]) for category, those in of.items()}


def _median(records: Sequence[Known]) -> Known:
    found: dict[str, Decimal] = {}
    for name in Known.model_fields:
        there = [value for one in records if (value := getattr(one, name)) is not None]
        if there:
            found[name] = median(there)
    return Known(**found)


async def evaluation_shown(
    tx: Transaction, tender_id: UUID, number: int | None, person: str
) -> tuple[Tender, Evaluation]:
    """Return the evaluation of a round, of the last one where none is named, to who is of the team."""
    tender = await get_tender(tx, tender_id)
    expect_of_team(tender, person)
    found = await store.evaluations_of(tx, tender_id)
    named = [one for one in found if number is None or one.round == number]
    if not named:
        raise NotFoundError("evaluation", tender_id)
    return tender, named[-1]


async def differences(tx: Transaction, tender_id: UUID) -> tuple[list[Evaluation], list[str]]:
    """Reckon every round of a tender again; return the rounds, and what is not as it is kept.

    What was opened since in a later round is no longer there to compare bids of an earlier one with: of those
    the ranking alone is reckoned again.
    """
    tender = await get_tender(tx, tender_id)
    found: list[str] = []
    rounds = list(await store.evaluations_of(tx, tender_id))
    for one in rounds:
        inputs = one.reckoned_from
        if written(judge(inputs)) != one.result:
            found.append(f"round {one.round}: the ranking that is kept does not follow from its inputs")
        justified = [row.counted() for row in await store.justifications_of(tx, tender_id, one.round)]
        found += [f"round {one.round}: {what}" for what in await _changed(tx, tender, inputs, justified)]
    return rounds, found


async def _changed(
    tx: Transaction, tender: Tender, inputs: EvaluationInputs, justified: Sequence[Justified]
) -> list[str]:
    version = await version_of(tx, tender.id, inputs.edition)
    changed = []
    if version is None or version.says != inputs.content:
        changed.append(f"the tender's version {inputs.edition} is another than it was judged by")
    if list(justified) != inputs.justified:
        changed.append("justifications are others than they were judged by")
    now = {one.supplier_id: one for one in await judged_bids(tx, tender.id, inputs.round)}
    changed += [
        f"the bid of supplier {one.supplier_id} is another than it was judged by"
        for one in inputs.bids
        if one.supplier_id in now and now[one.supplier_id] != one
    ]
    marks = {(one.supplier_id, one.criterion, one.person): one for one in await store.marks_of(tx, tender.id)}
    for one in inputs.marks:
        kept = marks.get((one.supplier_id, one.criterion, one.person))
        if kept is None or kept.given() != one:
            changed.append(f"the mark of {one.person} for {one.criterion} is another than it was judged by")
    return changed

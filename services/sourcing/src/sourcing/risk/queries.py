"""What is known of suppliers' risk, gathered from here and from the neighbours for many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Policy
from sourcing.categories.queries import ancestors_of_each
from sourcing.risk import store
from sourcing.risk.model import shown
from sourcing.risk.rules import points
from sourcing.risk.rules.assessing import Cap, Mover, RiskLevel, WhatIf, assess, day_after_first, reweighed
from sourcing.risk.rules.factors import Factor, Reading
from sourcing.risk.rules.points import CountryRisk, Held
from sourcing.risk.rules.policy import RiskPolicy, RiskWeights
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.qualification import Status, in_force
from sourcing.suppliers.store.rows import get_supplier

RISK = Policy("supplier-risk", RiskPolicy, "What makes suppliers risky, how much each counts, what is high")

ConfirmedHits = Callable[[Transaction, Collection[UUID]], Awaitable[Collection[UUID]]]
"""Which of some suppliers somebody has confirmed to be a party of a sanctions list."""

HELD_BY: Mapping[str, Held] = {
    BlockCause.SCREENING: Held.SCREENING_HIT,
    BlockCause.QUALIFICATION: Held.QUALIFICATION_LAPSED,
    BlockCause.DOCUMENT: Held.DOCUMENT_ENDED,
}
AT_ONCE = 1000
HERE = "sourcing"
PERFORMANCE = "supplier-performance"


@dataclass(frozen=True, slots=True)
class KnownOfRisk:
    """What is known of a supplier's risk on a day."""

    readings: Mapping[Factor, Reading]
    caps: tuple[Cap, ...]
    looked_at_on: date | None
    """When something is known otherwise that does not end by itself, as an approval ends."""


async def known_of(
    tx: Transaction, suppliers: Sequence[Supplier], policy: RiskPolicy, on: date, confirmed: ConfirmedHits
) -> dict[UUID, KnownOfRisk]:
    """Return what is known of the risk of suppliers, which are locked."""
    ids = [supplier.id for supplier in suppliers]
    stated = await store.stated_of(tx, ids, on)
    signals = await store.signals_of(tx, ids, on)
    places = {supplier.id: _countries(supplier) for supplier in suppliers}
    table = [row.counted() for row in await store.table_of(tx, set().union(*places.values()))]
    above = await ancestors_of_each(tx, {code for supplier in suppliers for code in supplier.categories})
    sanctioned = set(await confirmed(tx, ids))
    return {
        one.id: _known(
            one,
            {factor: said.reading() for factor, said in stated.get(one.id, {}).items()},
            points.of_signals([signal.counted() for signal in signals.get(one.id, ())], on),
            _geographic(one, places[one.id], above, table, on),
            policy,
            on,
            sanctioned=one.id in sanctioned,
        )
        for one in suppliers
    }


def _known(
    supplier: Supplier,
    stated: Mapping[Factor, Reading],
    signals: Reading | None,
    geographic: Reading | None,
    policy: RiskPolicy,
    on: date,
    *,
    sanctioned: bool,
) -> KnownOfRisk:
    held = _held(supplier, on, sanctioned=sanctioned)
    found = {
        **stated,
        Factor.SIGNALS: signals,
        Factor.GEOGRAPHIC: geographic,
        Factor.COMPLIANCE: _compliance(supplier, held, on),
        Factor.DELIVERY_QUALITY: _delivery_quality(supplier, policy),
    }
    caps = [Cap.SANCTION_CONFIRMED] if sanctioned else []
    if Held.SCREENING_HIT in held:
        caps.append(Cap.SCREENING_HIT)
    ends = (one.expires_on for one in supplier.approvals if in_force(one.expires_on, on))
    return KnownOfRisk(
        {factor: one for factor, one in found.items() if one is not None}, tuple(caps), day_after_first(ends)
    )


def _countries(supplier: Supplier) -> set[str]:
    """Return where a supplier is and where it makes things."""
    found = {supplier.country, *(site.get("country") for site in supplier.sites)}
    return {country for country in found if country}


def _geographic(
    supplier: Supplier,
    countries: Collection[str],
    above: Mapping[str, Sequence[str]],
    table: Sequence[CountryRisk],
    on: date,
) -> Reading | None:
    return points.of_places(countries, supplier.categories, above, table, on)


def _held(supplier: Supplier, on: date, *, sanctioned: bool) -> list[Held]:
    held = {HELD_BY[block.cause] for block in supplier.blocks if block.cause in HELD_BY}
    if sanctioned:
        held.add(Held.SANCTION_CONFIRMED)
    if supplier.status is Status.UNCONFIRMED:
        held.add(Held.IDENTITY_UNCONFIRMED)
    if supplier.approvals and not any(in_force(one.expires_on, on) for one in supplier.approvals):
        held.add(Held.APPROVALS_ENDED)
    return [one for one in Held if one in held]


def _compliance(supplier: Supplier, held: Sequence[Held], on: date) -> Reading | None:
    """Return what is held against a supplier; of one that nobody ever looked at, nothing is known."""
    if not held and not supplier.approvals:
        return None
    days = [block.blocked_at.date() for block in supplier.blocks]
    days += [one.approved_at.date() for one in supplier.approvals]
    days += [one.expires_on for one in supplier.approvals if one.expires_on and one.expires_on < on]
    return Reading(
        points=points.of_held(held),
        source=HERE,
        as_of=max(days, default=supplier.registered_on),
        holds_until=None,
        because=", ".join(held) or "nothing is held against it",
    )


def _delivery_quality(supplier: Supplier, policy: RiskPolicy) -> Reading | None:
    if supplier.score is None or supplier.scored_on is None:
        return None
    return Reading(
        points=points.of_score(supplier.score),
        source=PERFORMANCE,
        as_of=supplier.scored_on,
        holds_until=supplier.scored_on + timedelta(days=policy.holding.delivery_quality),
        because=f"score {supplier.score}, grade {supplier.grade}",
    )


async def risk_of(tx: Transaction, supplier_id: UUID, confirmed: ConfirmedHits) -> dict[str, Any]:
    """Return a supplier's risk as it was assessed last; where it never was, as it would be today.

    Raises NotFoundError.
    """
    supplier = await get_supplier(tx, supplier_id)
    risk = await store.risk_of(tx, supplier_id)
    if risk is not None:
        return risk.assessed()
    policy = (await policies.history(tx, RISK)).in_force(tx.day)
    known = (await known_of(tx, [supplier], policy.value, tx.day, confirmed))[supplier_id]
    found = assess(known.readings, known.caps, policy.value, tx.day, None)
    when = {"assessed_for": tx.day, "assessed_at": tx.now, "assessed_by": HERE}
    return {"supplier_id": supplier_id, "number": 0} | shown(found, policy.number) | when


async def what_if(tx: Transaction, weights: RiskWeights, after: UUID | None, at_most: int) -> WhatIf:
    """Return what weights would make of all suppliers behind one, by what was known of each; nothing is kept.

    They are read and let go of, some at once.
    """
    levels = (await policies.history(tx, RISK)).in_force(tx.day).value.levels
    moves: Counter[tuple[RiskLevel | None, RiskLevel | None]] = Counter()
    movers: list[Mover] = []
    last, assessed, more = after, 0, False
    while rows := await store.kept(tx, last, AT_ONCE):
        last = rows[-1].supplier_id
        assessed += len(rows)
        for row in rows:
            overall, level = reweighed(row.known, row.caps, weights, levels, row.uncapped_level)
            moves[row.level, level] += 1
            if level is row.level:
                continue
            more = len(movers) == at_most
            if not more:
                movers.append(Mover(row.supplier_id, row.level, level, row.overall, overall))
    return WhatIf(assessed, moves, movers, movers[-1].supplier_id if more else None)

"""What people and other systems say of suppliers' risk: factors, signals, the table of countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from purveyor import policies
from purveyor.bulk import BulkOutcome
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, ProblemError
from sourcing.risk import store
from sourcing.risk.commands.assessing import GONE, assess_suppliers
from sourcing.risk.model import CountryRiskRow, RiskSignal, StatedRiskFactor, SupplierRisk
from sourcing.risk.queries import RISK, ConfirmedHits
from sourcing.risk.rules.factors import Factor, StatedFactor
from sourcing.risk.rules.stating import Held, Said, StatedCountryRisk, StatedSignal, points_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import lock_supplier, lock_supplier_if_any

AS_JSON = TypeAdapter(dict[str, Any])
"""What was said as it is kept: its decimals and days as texts."""
SIGNAL = ("supplier_id", "summary", "points", "weight", "observed_on", "holds_until")


async def state_factor(
    tx: Transaction, supplier_id: UUID, factor: StatedFactor, said: Said, held: Held, confirmed: ConfirmedHits
) -> SupplierRisk:
    """Say something of a factor of a supplier, which counts from now on; → SupplierRiskChanged."""
    _expect_there(await lock_supplier(tx, supplier_id))
    policy = (await policies.history(tx, RISK)).in_force(tx.day).value
    points, because = points_of(factor, said, policy.financial)
    until = await _until(tx, Factor(factor), held, "/as_of")
    stated = StatedRiskFactor(
        id=new_id(),
        supplier_id=supplier_id,
        factor=factor.value,
        points=points,
        source=held.source,
        as_of=held.as_of,
        holds_until=until,
        because=because,
        stated=AS_JSON.dump_python(asdict(said), mode="json"),
        stated_by=tx.actor,
        stated_at=tx.now,
    )
    tx.session.add(stated)
    after = {"supplier": str(supplier_id), "factor": factor.value, "points": points, "source": held.source}
    tx.audit("state", "risk_factor", stated.id, after=after | {"as_of": held.as_of, "holds_until": until})
    await tx.flush()
    [risk] = await assess_suppliers(tx, [supplier_id], tx.day, confirmed)
    return risk


async def take_signal(
    tx: Transaction, stated: StatedSignal, confirmed: ConfirmedHits
) -> tuple[RiskSignal, bool]:
    """Take a signal, and return whether it is new: known by its source's reference, it is taken once.

    Raises ConflictError when the source has said something else under that reference before.
    """
    supplier = await lock_supplier_if_any(tx, stated.supplier_id)
    if supplier is None:
        detail = "There is no such supplier: look in GET /v1/suppliers."
        raise InvalidError("supplier_unknown", detail, errors=[FieldError("/supplier_id", detail)])
    _expect_there(supplier)
    until = await _until(tx, Factor.SIGNALS, stated.held, "/observed_on")
    signal = RiskSignal(
        id=new_id(),
        supplier_id=stated.supplier_id,
        source=stated.held.source,
        reference=stated.reference,
        summary=stated.summary,
        points=stated.points,
        weight=stated.weight,
        observed_on=stated.held.as_of,
        holds_until=until,
        received_by=tx.actor,
        received_at=tx.now,
    )
    if not await store.add_signal(tx, signal):
        return await _said_before(tx, signal, stated), False
    after = {name: getattr(signal, name) for name in SIGNAL} | {"source": signal.source}
    tx.audit("receive", "risk_signal", signal.id, after=after | {"reference": signal.reference})
    await assess_suppliers(tx, [stated.supplier_id], tx.day, confirmed)
    return signal, True


def _expect_there(supplier: Supplier) -> None:
    if supplier.status in GONE:
        detail = f"Supplier {supplier.display_number} was {supplier.status}: it has no risk any more."
        raise ConflictError("wrong_state", detail, allowed=[])


async def _said_before(tx: Transaction, signal: RiskSignal, stated: StatedSignal) -> RiskSignal:
    held = await store.signal_called(tx, signal.source, signal.reference)
    if held is None:
        raise RuntimeError("a signal was there, and is not")
    asked = SIGNAL if stated.held.holds_until else SIGNAL[:-1]
    if any(getattr(held, name) != getattr(signal, name) for name in asked):
        raise ConflictError(
            "signal_differs",
            f"{held.source} has said something else under {held.reference} before: send what is new under a "
            "reference of its own.",
            signal_id=str(held.id),
        )
    return held


async def state_countries(
    tx: Transaction, stated: Sequence[StatedCountryRisk]
) -> list[BulkOutcome | ProblemError]:
    """State rows of the table; the suppliers of these countries are assessed by a chore soon after."""
    rows = {(row.country, row.category): row for row in await store.table_of(tx, {s.country for s in stated})}
    outcomes: list[BulkOutcome | ProblemError] = []
    for one in stated:
        try:
            until = await _until(tx, Factor.GEOGRAPHIC, one.held, "/as_of")
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        said = {
            "points": one.points,
            "source": one.held.source,
            "as_of": one.held.as_of,
            "holds_until": until,
        }
        outcomes.append(_put(tx, rows, one, said))
    await tx.flush()
    await store.begin_anew(tx)
    return outcomes


def _put(
    tx: Transaction,
    rows: dict[tuple[str, str | None], CountryRiskRow],
    one: StatedCountryRisk,
    said: dict[str, Any],
) -> BulkOutcome:
    row = rows.get((one.country, one.category))
    if row is None:
        row = CountryRiskRow(id=new_id(), country=one.country, category=one.category, **said)
        rows[one.country, one.category] = row
        tx.session.add(row)
        tx.audit(
            "state", "country_risk", row.id, after={"country": row.country, "category": row.category} | said
        )
        return BulkOutcome("created", row.id)
    before = {name: getattr(row, name) for name in said if getattr(row, name) != said[name]}
    if not before:
        return BulkOutcome("unchanged", row.id)
    for name in before:
        setattr(row, name, said[name])
    tx.audit("state", "country_risk", row.id, before=before, after={name: said[name] for name in before})
    return BulkOutcome("updated", row.id)


async def _until(tx: Transaction, factor: Factor, held: Held, pointer: str) -> date:
    """Return until when something holds; raises InvalidError for days that cannot be."""
    if held.as_of > tx.day:
        detail = f"{held.as_of} is to come: state the day of which it was so, {tx.day} at the latest."
        raise InvalidError("day_in_future", detail, errors=[FieldError(pointer, detail)])
    if held.holds_until is None:
        policy = (await policies.history(tx, RISK)).in_force(tx.day).value
        return held.as_of + timedelta(days=policy.holding.of(factor))
    if held.holds_until < held.as_of:
        detail = f"It would have ended on {held.holds_until}, before it began on {held.as_of}."
        raise InvalidError("ends_before_it_begins", detail, errors=[FieldError("/holds_until", detail)])
    return held.holds_until

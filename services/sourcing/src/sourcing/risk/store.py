"""Risk in SQL: what was said of suppliers, whose risk has to be looked at again, what it came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from purveyor.countries import Country
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find, whether
from purveyor.texts import Code, Name
from sourcing.risk.model import (
    CountryRiskRow,
    RiskAssessment,
    RiskProgress,
    RiskSignal,
    StatedRiskFactor,
    SupplierRisk,
)
from sourcing.risk.rules.assessing import Cap, RiskLevel, Standing
from sourcing.risk.rules.factors import Factor

OVERALL = literal_column("coalesce(overall, -1.0)", type_=SupplierRisk.overall.type)

SUPPLIER_RISKS = Listing(
    name="supplier risks",
    id=SupplierRisk.supplier_id,
    id_name="supplier_id",
    filters=(
        equal("level", RiskLevel, SupplierRisk.level, "How risky", example="high"),
        whether("capped", literal_column("caps <> '{}'"), "Whether something caps it, as a sanction does"),
    ),
    sorts=(
        *both_ways("supplier_id", SupplierRisk.supplier_id),
        *both_ways("overall", OVERALL, SupplierRisk.supplier_id),
    ),
    changed=SupplierRisk.changed_in,
)
ASSESSMENTS = Listing(name="risk assessments", sorts=both_ways("number", RiskAssessment.number)[::-1])
SIGNALS = Listing(
    name="risk signals",
    id=RiskSignal.id,
    filters=(
        equal("supplier_id", UUID, RiskSignal.supplier_id, "Whom it is about"),
        equal("source", Name, RiskSignal.source, "Where it comes from", example="Newswatch"),
        *between("observed", Day, RiskSignal.observed_on, "Observed on this day"),
    ),
    sorts=both_ways("id", RiskSignal.id)[::-1],
    changed=RiskSignal.changed_in,
)
COUNTRY_RISKS = Listing(
    name="country risks",
    id=CountryRiskRow.id,
    filters=(
        equal("country", Country, CountryRiskRow.country, "Of this country", example="BD"),
        equal("category", Code, CountryRiskRow.category, "For this category", example="textiles"),
    ),
    sorts=(
        *both_ways("id", CountryRiskRow.id),
        *both_ways("points", CountryRiskRow.points, CountryRiskRow.id),
    ),
    changed=CountryRiskRow.changed_in,
)


async def find_risks(tx: Transaction, asked: Asked) -> Found[SupplierRisk]:
    """Return a page of suppliers' risks."""
    return await find(tx, select(SupplierRisk), asked)


async def find_assessments(tx: Transaction, supplier_id: UUID, asked: Asked) -> Found[RiskAssessment]:
    """Return a page of a supplier's assessments."""
    return await find(tx, select(RiskAssessment).where(RiskAssessment.supplier_id == supplier_id), asked)


async def find_signals(tx: Transaction, asked: Asked) -> Found[RiskSignal]:
    """Return a page of signals."""
    return await find(tx, select(RiskSignal), asked)


async def find_country_risks(tx: Transaction, asked: Asked) -> Found[CountryRiskRow]:
    """Return a page of the table."""
    return await find(tx, select(CountryRiskRow), asked)


async def risk_of(tx: Transaction, supplier_id: UUID) -> SupplierRisk | None:
    """Return a supplier's risk as it was assessed last."""
    return await tx.session.get(SupplierRisk, supplier_id)


async def risks_of(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, SupplierRisk]:
    """Return the risks of those suppliers that have one."""
    found = await tx.session.scalars(select(SupplierRisk).where(SupplierRisk.supplier_id.in_(ids)))
    return {risk.supplier_id: risk for risk in found}


async def points_of_all(tx: Transaction) -> dict[UUID, Decimal]:
    """Return how risky suppliers are, from 0 to 100, of all of whom that is known."""
    known = select(SupplierRisk.supplier_id, SupplierRisk.overall)
    return {one: overall for one, overall in await tx.session.execute(known) if overall is not None}


async def stated_of(
    tx: Transaction, ids: Collection[UUID], on: date
) -> Mapping[UUID, Mapping[Factor, StatedRiskFactor]]:
    """Return what was said last, as of a day, of each factor of suppliers."""
    by = (StatedRiskFactor.supplier_id, StatedRiskFactor.factor)
    found = await tx.session.scalars(
        select(StatedRiskFactor)
        .where(StatedRiskFactor.supplier_id.in_(ids), StatedRiskFactor.as_of <= on)
        .ext(distinct_on(*by))
        .order_by(*by, StatedRiskFactor.as_of.desc(), StatedRiskFactor.id.desc())
    )
    stated: defaultdict[UUID, dict[Factor, StatedRiskFactor]] = defaultdict(dict)
    for one in found:
        stated[one.supplier_id][Factor(one.factor)] = one
    return stated


async def signals_of(tx: Transaction, ids: Collection[UUID], on: date) -> Mapping[UUID, Sequence[RiskSignal]]:
    """Return signals of suppliers: those that hold on a day, and of each supplier the last that did."""
    ended = (
        select(RiskSignal.id)
        .where(RiskSignal.supplier_id.in_(ids), RiskSignal.observed_on <= on)
        .ext(distinct_on(RiskSignal.supplier_id))
        .order_by(RiskSignal.supplier_id, RiskSignal.holds_until.desc(), RiskSignal.id.desc())
    )
    found = await tx.session.scalars(
        select(RiskSignal)
        .where(RiskSignal.supplier_id.in_(ids), RiskSignal.observed_on <= on)
        .where(or_(RiskSignal.holds_until >= on, RiskSignal.id.in_(ended)))
        .order_by(RiskSignal.id)
    )
    signals: defaultdict[UUID, list[RiskSignal]] = defaultdict(list)
    for one in found:
        signals[one.supplier_id].append(one)
    return signals


async def signal_called(tx: Transaction, source: str, reference: str) -> RiskSignal | None:
    """Return the signal that a source knows by a reference."""
    found: RiskSignal | None = await tx.session.scalar(
        select(RiskSignal).where(RiskSignal.source == source, RiskSignal.reference == reference)
    )
    return found


async def add_signal(tx: Transaction, signal: RiskSignal) -> bool:
    """Keep a signal; returns False when another request has brought the same meanwhile."""
    names = {one.key for one in RiskSignal.__mapper__.column_attrs} - {"changed_in"}
    columns = {name: getattr(signal, name) for name in names}
    added = await tx.session.scalar(
        insert(RiskSignal).values(columns).on_conflict_do_nothing().returning(RiskSignal.id)
    )
    return added is not None


async def table_of(tx: Transaction, countries: Collection[str]) -> Sequence[CountryRiskRow]:
    """Return what the table says of some countries."""
    found = await tx.session.scalars(select(CountryRiskRow).where(CountryRiskRow.country.in_(countries)))
    return found.all()


async def due(
    tx: Transaction, on: date, policy_version: int, after: UUID | None, at_most: int
) -> Sequence[UUID]:
    """Return suppliers whose risk is something else by a day, or was reckoned by another policy."""
    statement = (
        select(SupplierRisk.supplier_id)
        .where(or_(SupplierRisk.changes_on <= on, SupplierRisk.policy_version != policy_version))
        .where(SupplierRisk.assessed_for <= on)
        .order_by(SupplierRisk.supplier_id)
        .limit(at_most)
    )
    if after is not None:
        statement = statement.where(SupplierRisk.supplier_id > after)
    return (await tx.session.scalars(statement)).all()


async def begin_anew(tx: Transaction) -> None:
    """Have every supplier looked at again: what changed may concern any of them."""
    await tx.session.execute(
        update(RiskProgress)
        .values(changed_in=0, supplier_id=UUID(int=0))
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class KeptRisk:
    """What a supplier's risk was reckoned of, as far as other weights would need it."""

    supplier_id: UUID
    level: RiskLevel | None
    uncapped_level: RiskLevel | None
    overall: Decimal | None
    caps: tuple[Cap, ...]
    known: Mapping[Factor, Decimal]


async def kept(tx: Transaction, after: UUID | None, at_most: int) -> Sequence[KeptRisk]:
    """Return what risks were reckoned of, those of suppliers behind one."""
    statement = select(
        SupplierRisk.supplier_id,
        SupplierRisk.level,
        SupplierRisk.uncapped_level,
        SupplierRisk.overall,
        SupplierRisk.caps,
        SupplierRisk.factors,
    )
    if after is not None:
        statement = statement.where(SupplierRisk.supplier_id > after)
    rows = await tx.session.execute(statement.order_by(SupplierRisk.supplier_id).limit(at_most))
    return [
        KeptRisk(
            row.supplier_id,
            None if row.level is None else RiskLevel(row.level),
            None if row.uncapped_level is None else RiskLevel(row.uncapped_level),
            row.overall,
            tuple(map(Cap, row.caps)),
            {
                Factor(one["factor"]): Decimal(one["points"])
                for one in row.factors
                if one["standing"] == Standing.KNOWN
            },
        )
        for row in rows
    ]


async def levels_now(tx: Transaction) -> dict[str, int]:
    """Return how many suppliers are of each level."""
    level = func.coalesce(SupplierRisk.level, "unknown")
    found = await tx.session.execute(select(level, func.count()).group_by(level))
    return {row[0]: row[1] for row in found}


async def forget(tx: Transaction, ids: Collection[UUID]) -> None:
    """Have suppliers at no risk any more; how they were assessed stays."""
    if ids:
        await tx.session.execute(delete(SupplierRisk).where(SupplierRisk.supplier_id.in_(ids)))


async def progress(tx: Transaction) -> RiskProgress:
    """Return how far changes of suppliers have been looked at; nobody else looks meanwhile."""
    await tx.session.execute(
        insert(RiskProgress)
        .values(id=1, incarnation="", changed_in=0, supplier_id=UUID(int=0))
        .on_conflict_do_nothing()
    )
    return (await tx.session.scalars(select(RiskProgress).with_for_update())).one()

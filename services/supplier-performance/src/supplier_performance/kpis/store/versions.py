"""Versions of KPIs in SQL: what is in force, what is drafted, all of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from supplier_performance.kpis.model import DefinedKpi, KpiVersion
from supplier_performance.kpis.rules.kpi import Kpi, Status

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('kpi ' || $1, 0))"


async def active(tx: Transaction, code: str | None = None) -> list[Kpi]:
    """Return the versions that people have activated and that hold, of one KPI or of all."""
    statement = select(DefinedKpi.code, KpiVersion).join(KpiVersion, KpiVersion.kpi_id == DefinedKpi.id)
    statement = statement.where(KpiVersion.status == Status.ACTIVE.value)
    if code is not None:
        statement = statement.where(DefinedKpi.code == code)
    return [version.kpi(of) for of, version in await tx.session.execute(statement)]


async def versions(tx: Transaction, code: str) -> Sequence[KpiVersion]:
    """Return every version that people have written of a KPI, the newest first."""
    statement = select(KpiVersion).join(DefinedKpi, KpiVersion.kpi_id == DefinedKpi.id)
    statement = statement.where(DefinedKpi.code == code).order_by(KpiVersion.number.desc())
    return (await tx.session.scalars(statement)).all()


async def lock_code(tx: Transaction, code: str) -> None:
    """Let nobody else draft or activate a version of a KPI meanwhile."""
    await tx.connection.execute(LOCK, code)


async def defined(tx: Transaction, code: str) -> DefinedKpi | None:
    """Return what people have defined under a code, locked."""
    found: DefinedKpi | None = await tx.session.scalar(
        select(DefinedKpi).where(DefinedKpi.code == code).with_for_update()
    )
    return found


async def lock_if_any(tx: Transaction, kpi_id: UUID) -> DefinedKpi | None:
    """Lock a KPI, if people have defined one with this id."""
    return await tx.session.get(DefinedKpi, kpi_id, with_for_update=True)

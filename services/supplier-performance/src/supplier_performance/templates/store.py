"""Versions of scorecard templates in SQL: what is in force, what is drafted, all of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from supplier_performance.templates.model import ScorecardTemplate, Status, TemplateVersion
from supplier_performance.templates.rules.template import InForce

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('scorecard templates', 0))"


async def active(tx: Transaction) -> list[InForce]:
    """Return the versions that hold, by their templates' codes."""
    statement = select(ScorecardTemplate.code, TemplateVersion).join(
        TemplateVersion, TemplateVersion.template_id == ScorecardTemplate.id
    )
    statement = statement.where(TemplateVersion.status == Status.ACTIVE.value)
    found = await tx.session.execute(statement.order_by(ScorecardTemplate.code))
    return [version.in_force(code) for code, version in found]


async def versions(tx: Transaction, code: str) -> Sequence[TemplateVersion]:
    """Return every version of a template, the newest first."""
    statement = select(TemplateVersion).join(
        ScorecardTemplate, TemplateVersion.template_id == ScorecardTemplate.id
    )
    statement = statement.where(ScorecardTemplate.code == code).order_by(TemplateVersion.number.desc())
    return (await tx.session.scalars(statement)).all()


async def lock_all(tx: Transaction) -> None:
    """Let nobody else draft or activate a template meanwhile: which fit whom is a matter of all."""
    await tx.connection.execute(LOCK)


async def template_called(tx: Transaction, code: str) -> ScorecardTemplate | None:
    """Return what the versions of a code have in common, locked."""
    found: ScorecardTemplate | None = await tx.session.scalar(
        select(ScorecardTemplate).where(ScorecardTemplate.code == code).with_for_update()
    )
    return found


async def lock_if_any(tx: Transaction, template_id: UUID) -> ScorecardTemplate | None:
    """Lock a template, if there is one with this id."""
    return await tx.session.get(ScorecardTemplate, template_id, with_for_update=True)

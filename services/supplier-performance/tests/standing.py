"""What sourcing tells of how suppliers stand, as tests want it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from purveyor.db import new_id
from purveyor_contract.events.sourcing.documents import DocumentAccepted, DocumentWithdrawn
from purveyor_contract.events.sourcing.qualification import QualificationRejected, SupplierQualified
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_messaging.envelope import Event

from .world import World


async def accepted(
    world: World, supplier: UUID, on: date, valid_to: date | None, document_type: str = "iso-9001"
) -> UUID:
    """Let sourcing accept a document on a day, valid from then on."""
    document_id = new_id()
    event = DocumentAccepted(
        supplier_id=supplier,
        document_id=document_id,
        type=document_type,
        name="ISO 9001",
        number="12 100",
        issuer="TÜV Süd",
        scope=None,
        site=None,
        valid_from=on,
        valid_to=valid_to,
        replaces=(),
        accepted_by="quinn",
    )
    await said_on(world, on, event)
    return document_id


async def withdrawn(world: World, supplier: UUID, document_id: UUID, on: date) -> None:
    """Let a document not count any more from a day on."""
    event = DocumentWithdrawn(
        supplier_id=supplier,
        document_id=document_id,
        type="iso-9001",
        name="ISO 9001",
        number="12 100",
        issuer="TÜV Süd",
        scope=None,
        site=None,
        valid_from=on,
        valid_to=None,
        reason="TÜV Süd has withdrawn it",
        withdrawn_by="quinn",
    )
    await said_on(world, on, event)


async def qualified(
    world: World, supplier: UUID, on: date, valid_until: date, category: str = "fasteners"
) -> None:
    """Let sourcing qualify a supplier for a category on a day."""
    event = SupplierQualified(
        supplier_id=supplier,
        case_id=new_id(),
        case_number="QC-000001",
        category=category,
        region=None,
        site=None,
        valid_until=valid_until,
        result=Decimal("81.5"),
        reason="sound",
        qualified_by="carl",
    )
    await said_on(world, on, event)


async def rejected(world: World, supplier: UUID, on: date, category: str = "fasteners") -> None:
    """Let a supplier not qualify for a category."""
    event = QualificationRejected(
        supplier_id=supplier,
        case_id=new_id(),
        case_number="QC-000002",
        category=category,
        region=None,
        site=None,
        result=Decimal("32.5"),
        knocked_out_by=("qms",),
        reason="no quality management",
        rejected_by="carl",
    )
    await said_on(world, on, event)


async def assessed(world: World, supplier: UUID, on: date, level: str, number: int = 1) -> None:
    """Let sourcing assess the risk of a supplier."""
    event = SupplierRiskChanged(
        supplier_id=supplier,
        assessment=number,
        level=level,
        former_level=None,
        overall=Decimal("61.0"),
        share_known=85,
        caps=(),
        factors=(),
        policy_version=0,
        assessed_for=on,
        assessed_by="carl",
    )
    await said_on(world, on, event)


async def said_on(world: World, on: date, event: Event) -> None:
    """Let sourcing say something at noon of a day, and the clock be as it was."""
    now, world.clock.now = world.clock.now, datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    await world.say_of_supplier(event)
    world.clock.now = now


async def tell_of_standing(world: World, supplier: UUID) -> None:
    """Let sourcing tell something of each kind."""
    today = world.clock.now.date()
    await qualified(world, supplier, today.replace(day=1), today.replace(year=today.year + 1))
    await accepted(world, supplier, today.replace(day=1), today.replace(year=today.year + 1))
    await assessed(world, supplier, today.replace(day=1), "high")

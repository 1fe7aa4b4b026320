"""FastAPI and SQLAlchemy's ORM, as most would write it: mapped classes, a session a request, the same rows.

No authentication, no idempotency check, no business rule, no precondition.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI
from sqlalchemy import JSON, DateTime, Identity, LargeBinary, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.schema import FetchedValue, ForeignKey
from uuid_utils.compat import uuid7

from bench.apps.rows import EVENT, Key, Order

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    """The mapped classes."""

    type_annotation_map = {Decimal: Numeric, bytes: LargeBinary}  # noqa: RUF012  # SQLAlchemy's own form


class OrderLine(Base):
    """A row of purchase_order_line."""

    __tablename__ = "purchase_order_line"
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str]
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    amount: Mapped[Decimal]
    promised_on: Mapped[date]


class PurchaseOrder(Base):
    """A row of purchase_order."""

    __tablename__ = "purchase_order"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    sequence: Mapped[int]
    serial_number: Mapped[int] = mapped_column(server_default=FetchedValue())
    status: Mapped[str]
    supplier_id: Mapped[UUID]
    currency: Mapped[str]
    total: Mapped[Decimal]
    site: Mapped[str]
    business_unit: Mapped[str]
    cost_centre: Mapped[str]
    ordered_on: Mapped[date]
    created_by: Mapped[str]
    created_at: Mapped[Moment]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[Moment | None]
    supplier_onboarded_by: Mapped[str | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[Moment | None]
    issued_by: Mapped[str | None]
    issued_at: Mapped[Moment | None]
    current_version: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[OrderLine]] = relationship()


class OutboxRow(Base):
    """A row of outbox."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    topic: Mapped[str]
    key: Mapped[str]
    sequence: Mapped[int]
    event_id: Mapped[UUID]
    type: Mapped[str]
    time: Mapped[Moment]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditRow(Base):
    """A row of audit_record."""

    __tablename__ = "audit_record"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str]


class IdempotencyRow(Base):
    """A row of idempotency_record."""

    __tablename__ = "idempotency_record"
    client: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes]
    at: Mapped[Moment]


def _url() -> str:
    return os.environ["PURVEYOR_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")


engine = create_async_engine(_url(), pool_size=16, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def session() -> AsyncIterator[AsyncSession]:
    """Lend a session for a request, in a transaction that is committed before the answer."""
    async with sessions() as current, current.begin():
        yield current


Session = Annotated[AsyncSession, Depends(session, scope="function")]


def _beside(current: AsyncSession, actor: str, action: str, order_id: UUID, body: Any, key: str) -> None:
    now = datetime.now(UTC)
    current.add(
        AuditRow(
            id=uuid7(),
            at=now,
            actor=actor,
            action=action,
            entity="purchase_order",
            entity_id=str(order_id),
            after=body,
            request_id=key,
        )
    )
    current.add(
        IdempotencyRow(
            client="bench",
            key=key,
            fingerprint=b"fingerprint",
            status=200,
            headers={},
            body=str(body).encode(),
            at=now,
        )
    )


@app.post("/v1/purchase-orders", status_code=201)
async def create(order: Order, current: Session, idempotency_key: Key) -> dict[str, Any]:
    """Write a draft and its lines."""
    order_id = uuid7()
    lines = [
        OrderLine(
            line_number=number,
            price_base_quantity=Decimal(1),
            amount=round(line.quantity * line.price, 2),
            **line.model_dump(),
        )
        for number, line in enumerate(order.lines, 1)
    ]
    current.add(
        PurchaseOrder(
            id=order_id,
            version=1,
            sequence=0,
            status="draft",
            total=sum(line.amount for line in lines),
            created_by="buyer",
            created_at=datetime.now(UTC),
            lines=lines,
            **order.model_dump(exclude={"lines"}),
        )
    )
    body = {"id": str(order_id)} | order.model_dump(mode="json")
    _beside(current, "buyer", "create", order_id, body, idempotency_key)
    return body


async def _change(current: AsyncSession, order_id: UUID, action: str, actor: str, key: str) -> PurchaseOrder:
    order = await current.get_one(PurchaseOrder, order_id, with_for_update=True)
    order.version += 1
    _beside(current, actor, action, order_id, {"id": str(order_id), "action": action}, key)
    return order


@app.post("/v1/purchase-orders/{order_id}:submit")
async def submit(order_id: UUID, current: Session, idempotency_key: Key) -> dict[str, Any]:
    """Write the submission."""
    order = await _change(current, order_id, "submit", "buyer", idempotency_key)
    order.status, order.submitted_by, order.submitted_at = "submitted", "buyer", datetime.now(UTC)
    return {"id": str(order_id), "status": order.status}


@app.post("/v1/purchase-orders/{order_id}:approve")
async def approve(order_id: UUID, current: Session, idempotency_key: Key) -> dict[str, Any]:
    """Write the approval."""
    order = await _change(current, order_id, "approve", "approver", idempotency_key)
    order.status, order.approved_by, order.approved_at = "approved", "approver", datetime.now(UTC)
    order.supplier_onboarded_by = "onboarder"
    return {"id": str(order_id), "status": order.status}


@app.post("/v1/purchase-orders/{order_id}:issue")
async def issue(order_id: UUID, current: Session, idempotency_key: Key) -> dict[str, Any]:
    """Write the issue and its event."""
    order = await _change(current, order_id, "issue", "buyer", idempotency_key)
    order.status, order.issued_by, order.issued_at = "issued", "buyer", datetime.now(UTC)
    order.current_version = 1
    order.sequence += 1
    current.add(
        OutboxRow(
            topic="procurement.orders",
            key=str(order_id),
            sequence=order.sequence,
            event_id=uuid7(),
            type="purveyor.procurement.POIssued.v1",
            time=datetime.now(UTC),
            data={"id": str(order_id)} | EVENT,
        )
    )
    return {"id": str(order_id), "status": order.status}

"""The toy aggregate that the kernel is tested with: a crate that holds apples."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, MetaData
from sqlalchemy.orm import Mapped, mapped_column

import purveyor.db
from purveyor.changes import Changing
from purveyor_messaging.envelope import Event
from purveyor_messaging.outbox import Aggregate


class Base(purveyor.db.Base):
    __abstract__ = True
    metadata = MetaData(naming_convention=purveyor.db.NAMING_CONVENTION)


class Crate(Aggregate, Changing, Base):
    __tablename__ = "crate"
    __table_args__ = (CheckConstraint("apples >= 0", name="apples"),)

    label: Mapped[str] = mapped_column(unique=True)
    apples: Mapped[int]


class CrateFilled(Event):
    service: ClassVar[str] = "toy"
    topic: ClassVar[str] = "toy.crates"
    key_field: ClassVar[str] = "crate_id"

    crate_id: UUID
    apples: int

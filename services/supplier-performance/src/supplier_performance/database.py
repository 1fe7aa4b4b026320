"""The declarative base of this service's tables, and the column types that they share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from purveyor import db

Moment: TypeAlias = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Document: TypeAlias = Annotated[dict[str, Any], mapped_column(JSONB)]


class Base(db.Base):
    """What every mapped class of supplier performance derives from."""

    __abstract__ = True
    metadata = MetaData(naming_convention=db.NAMING_CONVENTION)

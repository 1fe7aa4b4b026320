"""The declarative base of procurement's tables."""

from __future__ import annotations

from sqlalchemy import MetaData

from purveyor import db


class Base(db.Base):
    """Base of procurement's mapped classes."""

    __abstract__ = True
    metadata = MetaData(naming_convention=db.NAMING_CONVENTION)

"""The declarative base of this service's tables."""

from __future__ import annotations

from sqlalchemy import MetaData

from purveyor import db


class Base(db.Base):
    """What every mapped class of supplier performance derives from."""

    __abstract__ = True
    metadata = MetaData(naming_convention=db.NAMING_CONVENTION)

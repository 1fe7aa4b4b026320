"""The declarative base of the tables of approvals, which each service that uses them has."""

from __future__ import annotations

from sqlalchemy import MetaData

from purveyor import db


class Base(db.Base):
    """Base of the mapped classes of approvals."""

    __abstract__ = True
    metadata = MetaData(naming_convention=db.NAMING_CONVENTION)

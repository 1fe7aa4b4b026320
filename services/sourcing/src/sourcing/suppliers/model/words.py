"""The words that suppliers are called by, and how far suppliers were read for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base


class SupplierWord(Base):
    """A word that some supplier has or had, as it is compared, and what is left of it without each letter."""

    __tablename__ = "supplier_word"
    __table_args__ = (Index("ix_supplier_word_without", "without", postgresql_using="gin"),)

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    without: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))


class WordsLearned(Base):
    """How far words were learned, in the order in which suppliers changed; there is one row."""

    __tablename__ = "supplier_words_learned"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_in: Mapped[int] = mapped_column(BigInteger)
    supplier_id: Mapped[UUID]

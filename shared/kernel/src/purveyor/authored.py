"""Documents that keep who wrote them, in the database: the column, the statement's part, the constraint.

The statements that create, change or submit a document add to its authors, nothing takes one off, and a
constraint keeps them and who decides apart, whatever code forgets the rule (`purveyor.duties`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ColumnElement, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.duties import with_author


class Authored:
    """A mapped document that somebody approves: whoever wrote any of it, each once, the latest last."""

    authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))

    def note_author(self, actor: str) -> None:
        """Note who creates, changes or submits it."""
        self.authors = with_author(self.authors or (), actor)


def author_added(
    authors: ColumnElement[Sequence[str]], actor: ColumnElement[str]
) -> ColumnElement[list[str]]:
    """Return `with_author` as an expression of a statement."""
    return func.array_append(func.array_remove(authors, actor), actor, type_=ARRAY(Text))


def decided_by_another(
    name: str, *, by: str = "approved_by", kept_apart: str = "authors", unless: str | None = None
) -> CheckConstraint:
    """Return the constraint: whom `kept_apart` names is not who decided.

    `unless` is what exempts a row, such as `imported`: nobody here decided what was decided elsewhere.
    """
    rule = f"{by} IS NULL OR {by} <> ALL ({kept_apart})"
    return CheckConstraint(f"{unless} OR {rule}" if unless else rule, name=name)

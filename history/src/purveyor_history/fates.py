"""What became of what was sent, document by document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from purveyor_history.documents import ReceiptKey

NOT_LET_IN = "import_not_let_in"
"""The code of a row that nobody has let in."""

SITE_UNKNOWN = "site_unknown"
"""The code of an order that was let in and whose site is still to be made."""

DIFFERS = "differs_from_import"
"""The code of a document that is here already and says something else."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a service had against a document: a field, and the reason."""

    field: str
    reason: str


@dataclass(slots=True)
class Fate:
    """What became of a document: created, proposed, unchanged or refused.

    `lines` are those of its lines in the file that are there, each with its number in the platform: that of
    an order that was imported of another part of the file may be another.
    """

    status: str = "refused"
    id: str | None = None
    code: str | None = None
    lines: dict[int, int] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    line_complaints: dict[int, Complaint] = field(default_factory=dict)


@dataclass(slots=True)
class Sent:
    """What became of everything that was sent, by what tells it from others of its kind."""

    sites: dict[str, Complaint] = field(default_factory=dict)
    suppliers: dict[str, Fate] = field(default_factory=dict)
    orders: dict[str, Fate] = field(default_factory=dict)
    receipts: dict[ReceiptKey, Fate] = field(default_factory=dict)

    def all(self) -> Iterator[Fate]:
        """Go through the fates of all documents."""
        yield from self.suppliers.values()
        yield from self.orders.values()
        yield from self.receipts.values()

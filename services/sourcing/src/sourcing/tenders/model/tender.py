"""A tender: what it says now, when it closes, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, column, text
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.duties import with_author
from purveyor_messaging.outbox import Aggregate
from sourcing.database import Base
from sourcing.tenders.model.parts import TeamMember
from sourcing.tenders.rules.content import TenderContent, TenderKind
from sourcing.tenders.rules.states import TenderMove, TenderStatus, moved
from sourcing.tenders.rules.team import Member
from sourcing.tenders.rules.timetable import moment_of, zone_called

NUMBER = DatabaseSequence("tender_number", metadata=Base.metadata)


def tender_number(serial_number: int) -> str:
    """Return a tender's number for people, such as T-000042."""
    return f"T-{serial_number:06d}"


class Tender(Aggregate, Authored, Changing, Base):
    """What suppliers are asked to bid for."""

    __tablename__ = "tender"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(TenderStatus), name="status"),
        CheckConstraint(column("kind", Text).in_(TenderKind), name="kind"),
        CheckConstraint("openers_needed > 0", name="openers_needed"),
        CheckConstraint("(edition > 0) = (published_at IS NOT NULL)", name="published"),
        CheckConstraint("edition = 0 OR closes_at IS NOT NULL", name="closes"),
        CheckConstraint("round > 0", name="round"),
        CheckConstraint("num_nonnulls(amendment, amendment_why) IN (0, 2)", name="amendment"),
        CheckConstraint("(status = 'cancelled') = (cancelled_reason IS NOT NULL)", name="cancelled"),
        decided_by_another("published_by_another", by="published_by"),
        Index("ix_tender_status_id", "status", "id"),
        Index("ix_tender_kind_id", "kind", "id"),
        Index("ix_tender_closes_at_id", "closes_at", "id"),
        Index("ix_tender_changed_in", "changed_in", "id"),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    open_to_all: Mapped[bool]
    openers_needed: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    content: Mapped[dict[str, Any]]
    edition: Mapped[int] = mapped_column(default=0)
    amendment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    amendment_why: Mapped[str | None] = mapped_column(Text)
    amendment_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    returned_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    prices_opened_at: Mapped[datetime | None]
    """With the bids, or later where prices lie in an envelope of their own."""
    round: Mapped[int] = mapped_column(server_default=text("1"))
    cancelled_reason: Mapped[str | None] = mapped_column(Text)
    bids: Mapped[int] = mapped_column(default=0)
    """How many bidders have a bid."""
    enquiries_answered: Mapped[int] = mapped_column(default=0)
    team: Mapped[list[TeamMember]] = relationship(lazy="selectin", order_by=TeamMember.person)

    @property
    def number(self) -> str:
        """Its number for people, such as T-000042."""
        return tender_number(self.serial_number)

    @property
    def stands(self) -> TenderStatus:
        """Where it stands."""
        return TenderStatus(self.status)

    @property
    def says(self) -> TenderContent:
        """What it says now."""
        return TenderContent.model_validate(self.content)

    @property
    def keeps_prices_apart(self) -> bool:
        """Whether prices are sealed in an envelope of their own; later rounds are of prices alone."""
        return self.says.terms.two_envelopes and self.round == 1

    @property
    def members(self) -> list[Member]:
        """Who of ours has which part in it."""
        return [one.member() for one in self.team]

    def expect_possible(self, move: TenderMove) -> TenderStatus:
        """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
        return moved(self.number, self.stands, move)

    def move(self, move: TenderMove) -> None:
        """Do to it what its status allows."""
        self.status = self.expect_possible(move).value

    def state(self, content: TenderContent) -> None:
        """Let it say this from now on."""
        self.content = content.model_dump(mode="json", exclude_none=True)
        self.title, self.categories = content.title, content.categories

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its timetable, which was checked to be one."""
        zone = zone_called(self.says.timetable.time_zone)
        if zone is None:
            raise ValueError(f"tender {self.number} has no time zone")
        return zone

    def closing_of(self, content: TenderContent) -> datetime:
        """Return the moment at which a content closes, which was checked to be one."""
        zone, local = zone_called(content.timetable.time_zone), content.timetable.closes_at
        if zone is None or local is None:
            raise ValueError(f"tender {self.number} says nothing of when it closes")
        return moment_of(local, zone)

    def propose(self, content: TenderContent, why: str, by: str) -> None:
        """Keep what it is to say next, until another has approved that."""
        self.move(TenderMove.AMEND)
        self.amendment, self.amendment_why = content.model_dump(mode="json", exclude_none=True), why
        self.amendment_authors = with_author(self.amendment_authors or (), by)

    def drop_amendment(self) -> None:
        """Forget what it was to say next."""
        self.amendment = self.amendment_why = None
        self.amendment_authors = []

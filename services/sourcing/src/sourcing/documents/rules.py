"""What documents are good for: who decides on them, when they are told of, what lacks one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import ConflictError

STAGES = (7, 30, 60)
"""So many days before its end a document is told of, each once."""
ACCEPTED_BY_ANOTHER = "Who submitted a document does not accept or refuse it (COSO: segregation of duties)."


class DocumentStatus(StrEnum):
    """Where a document is in its life; whether it holds on a day, its dates say."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


RESTS = (DocumentStatus.SUBMITTED, DocumentStatus.ACCEPTED)
"""Where it is to be decided on, or was accepted: its file has to be there."""


class DocumentAction(StrEnum):
    """What is done to a document."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


POSSIBLE: Mapping[DocumentStatus, tuple[DocumentAction, ...]] = {
    DocumentStatus.SUBMITTED: (DocumentAction.ACCEPT, DocumentAction.REFUSE, DocumentAction.WITHDRAW),
    DocumentStatus.ACCEPTED: (DocumentAction.WITHDRAW,),
    DocumentStatus.REFUSED: (),
    DocumentStatus.REPLACED: (),
    DocumentStatus.WITHDRAWN: (),
}


class Consequence(StrEnum):
    """What follows for a category when a document that it requires does not hold."""

    BLOCK = "block"
    WARN = "warn"
    NOTHING = "nothing"


class MissingDocuments(BaseModel):
    """What follows when a supplier lacks a document that a category requires."""

    model_config = ConfigDict(frozen=True)

    ended: Consequence = Field(
        default=Consequence.BLOCK,
        description="When the last one ended, from the day after its last day on, or was withdrawn",
        examples=["block"],
    )
    never_given: Consequence = Field(
        default=Consequence.WARN,
        description="When none was ever accepted. `block` stops every supplier that has none at once",
        examples=["warn"],
    )


class Lack(StrEnum):
    """How a required document stands."""

    HOLDS = "holds"
    ENDED = "ended"
    NEVER_GIVEN = "never_given"


@dataclass(frozen=True, slots=True)
class Held:
    """An accepted document, as far as it matters whether it holds."""

    id: UUID
    type: str
    site: str | None
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day; the last day counts."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def goes_on_after(self, other: Held) -> bool:
        """Whether it goes on, without a day between, where another of its type and site ends.

        Of two that end on one day the later one does.
        """
        if other.valid_to is None or (self.type, self.site) != (other.type, other.site):
            return False
        lasts = (self.valid_to or date.max, self.id) > (other.valid_to, other.id)
        return lasts and self.valid_from <= other.valid_to + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a type of document stands with a supplier, for the categories that require it."""

    type: str
    categories: tuple[str, ...]
    lack: Lack
    document_id: UUID | None
    """The one that holds, or the last one that did."""
    valid_to: date | None


def expect_possible(action: DocumentAction, status: DocumentStatus) -> None:
    """Raise ConflictError when a document's status does not allow an action."""
    if action not in POSSIBLE[status]:
        raise ConflictError(
            "wrong_state", f"The document is {status}.", allowed=[str(one) for one in POSSIBLE[status]]
        )


def stage_due(valid_to: date, day: date, told: int | None) -> int | None:
    """Return how many days before its end a document is told of now; None where that was told, or is none.

    One that is accepted late is told of once, at the nearest stage.
    """
    left = (valid_to - day).days
    if left < 0:
        return None
    due = next((stage for stage in STAGES if left <= stage), None)
    return due if due is not None and (told is None or due < told) else None


def touched(
    approved: Collection[str], required_in: Iterable[str], above: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return what needs a document: what both the approvals and the categories that require it cover.

    Both hold for all that lies in a category. So it is the approved category where that lies in one that
    requires it, and that one where it lies in an approved category. `above` is what each lies in.
    """
    found = set[str]()
    for category in required_in:
        found |= {one for one in approved if one == category or category in above.get(one, ())}
        if not set(approved).isdisjoint(above.get(category, ())):
            found.add(category)
    return tuple(sorted(found))


def standing(
    type_: str, categories: tuple[str, ...], held: Sequence[Held], given: Collection[str], day: date
) -> Standing:
    """Return how a type of document stands on a day.

    `held` are documents that count by their dates, `given` the types of those that count no more: who had
    one that was withdrawn is no better off than one whose document ended.
    """
    of_type = [one for one in held if one.type == type_ and one.valid_from <= day]
    latest = max(of_type, key=lambda one: (one.valid_to or date.max, one.valid_from, one.id), default=None)
    if latest is None:
        lack = Lack.ENDED if type_ in given else Lack.NEVER_GIVEN
        return Standing(type_, categories, lack, None, None)
    lack = Lack.HOLDS if latest.holds(day) else Lack.ENDED
    return Standing(type_, categories, lack, latest.id, latest.valid_to)


def consequence(lack: Lack, policy: MissingDocuments) -> Consequence:
    """Return what follows from how a document stands."""
    match lack:
        case Lack.HOLDS:
            return Consequence.NOTHING
        case Lack.ENDED:
            return policy.ended
        case Lack.NEVER_GIVEN:
            return policy.never_given

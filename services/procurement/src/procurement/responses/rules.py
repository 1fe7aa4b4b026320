"""What a supplier may answer to a version of an order, and what of it the buyer may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.quantities import settled_quantity
from procurement.orders.rules.schedules import ONLY, Schedule, schedules_of
from purveyor.decimals import shortest
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError

Key = tuple[int, int]
"""A schedule of an order: its line's number and its own."""


class Reply(StrEnum):
    """What a supplier says to a version as a whole."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_CHANGES = "accepted_with_changes"
    REJECTED = "rejected"


class Changed(StrEnum):
    """What a supplier would have otherwise."""

    PROMISED_ON = "promised_on"
    QUANTITY = "quantity"
    PRICE = "price"
    SUBSTITUTE = "substitute"


class Decision(StrEnum):
    """What became of a change that a supplier answered."""

    TAKEN = "taken"
    PROPOSED = "proposed"
    """The buyer takes it if another agrees: an amendment says so, and it holds when that is issued."""
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The supplier has answered anew, or the order says something else by now."""


class AcknowledgementDue(BaseModel):
    """How long suppliers take to answer."""

    model_config = ConfigDict(frozen=True)

    answer_days: int = Field(
        default=3,
        ge=0,
        le=365,
        description="Days after the one on which a version was issued, at the site, by which it is answered",
        examples=[3],
    )


@dataclass(frozen=True, slots=True)
class Substitute:
    """What a supplier would send instead."""

    item: str
    description: str


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What a supplier would have otherwise of a line, or of one schedule of it; None: as it is asked."""

    line_number: int
    schedule_number: int | None = None
    promised_on: date | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    substitute: Substitute | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a supplier answers to a version."""

    reply: Reply
    lines: tuple[AnsweredLine, ...] = ()
    supplier_reference: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a supplier would have otherwise, as texts; the buyer takes or refuses it."""

    number: int
    line_number: int
    schedule_number: int | None
    """None: it is of the whole line."""
    field: Changed
    before: str
    after: str
    description: str | None = None
    """Of a substitute, what it is."""
    reason: str | None = None


def check_answered(version: int, current: int) -> None:
    """Raise ConflictError for an answer to a version that is past."""
    if version < current:
        raise ConflictError(
            "version_superseded",
            f"Version {current} is in force and you answer {version}: read it, then answer that.",
            current_version=current,
        )


def check_anew(*, by_supplier: bool, accepted: bool, accepted_itself: bool) -> None:
    """Raise ConflictError for an answer to a version that was accepted.

    What a buyer accepted for the supplier, the supplier may answer still, until it has accepted itself.
    """
    if accepted_itself or (accepted and not by_supplier):
        raise ConflictError(
            "response_accepted",
            "The version was accepted"
            + (" by its supplier" if accepted_itself else "")
            + ": days are moved by promises, anything else by amendments.",
        )


def check_answers_seen(response_id: UUID, last: UUID) -> None:
    """Raise ConflictError for a decision of an answer after which the supplier answered anew."""
    if response_id != last:
        raise ConflictError(
            "response_superseded",
            f"The answer {last} was given after the one that you decide of: read it, then decide of that.",
            response_id=str(last),
        )


def check_taker(taker: str, recorded_by: Collection[str], decisions: Collection[Decision]) -> None:
    """Raise ForbiddenError if who takes a change recorded it for the supplier (segregation of duties)."""
    if Decision.TAKEN in decisions:
        expect_another(
            taker, recorded_by, "Who records an answer for the supplier does not take what it would change."
        )


def decided_as(field: str, decision: Decision) -> Decision:
    """Return what becomes of a change that a buyer takes or refuses: only days are taken at once."""
    if decision == Decision.TAKEN and field != Changed.PROMISED_ON:
        return Decision.PROPOSED
    return decision


def check_answer(
    answer: Answer,
    lines: Mapping[int, LineNow],
    promised: Mapping[Key, date],
    ordered_on: date | None,
    today: date,
) -> list[Change]:
    """Return what an answer would have otherwise; raises InvalidError naming all that it cannot say.

    `lines` are those of the order by number and `promised` is what is promised, or else needed, of schedules.
    """
    problems = list(_reply_problems(answer))
    said: Counter[tuple[object, ...]] = Counter()
    changes: list[Change] = []
    for index, line in enumerate(answer.lines):
        at, now = f"/lines/{index}", lines.get(line.line_number)
        if now is None or now.dropped_by_version is not None:
            problems.append(FieldError(f"{at}/line_number", f"the order has no line {line.line_number}"))
        elif now.closed_as is not None:
            problems.append(FieldError(f"{at}/line_number", f"line {line.line_number} is closed"))
        else:
            found = list(_line_problems(at, line, now, promised, ordered_on, today))
            problems += found
            changes += [] if found else _changes(line, now, promised, len(changes))
    for change in changes:
        said[change.line_number, change.schedule_number, change.field] += 1
    problems += [
        FieldError("/lines", f"{field.replace('_', ' ')} of line {number} is said twice")
        for (number, _, field), times in said.items()
        if times > 1 and isinstance(field, str)
    ]
    if problems:
        raise InvalidError("response_invalid", "The answer breaks rules.", errors=problems)
    return changes


def _reply_problems(answer: Answer) -> Iterator[FieldError]:
    if answer.reply == Reply.ACCEPTED_WITH_CHANGES:
        if not answer.lines:
            yield FieldError("/lines", "say what is to be otherwise, or that it is accepted")
    elif answer.lines:
        yield FieldError("/lines", f"{answer.reply} changes nothing: leave them out, or accept with changes")
    if answer.reply == Reply.REJECTED and answer.reason is None:
        yield FieldError("/reason", "say why it is rejected")


def _line_problems(
    at: str,
    line: AnsweredLine,
    now: LineNow,
    promised: Mapping[Key, date],
    ordered_on: date | None,
    today: date,
) -> Iterator[FieldError]:
    ordered = now.ordered
    schedules = {one.schedule_number: one for one in schedules_of(ordered)}
    of_part = line.promised_on is not None or line.quantity is not None
    number = line.schedule_number or (next(iter(schedules)) if len(schedules) == 1 else None)
    if line.schedule_number is not None and line.schedule_number not in schedules:
        there = ", ".join(map(str, sorted(schedules)))
        yield FieldError(f"{at}/schedule_number", f"is none of the line's schedules: {there}")
        return
    if number is None and of_part:
        yield FieldError(f"{at}/schedule_number", "say of which schedule: the line has several")
        return
    if not of_part and line.price is None and line.substitute is None:
        yield FieldError(at, "says nothing otherwise: name a day, a quantity, a price or a substitute")
    if line.promised_on is not None and number is not None:
        if line.promised_on == promised[line.line_number, number]:
            yield FieldError(f"{at}/promised_on", "is what is asked: leave it out")
        elif line.promised_on < max(today, ordered_on or today):
            yield FieldError(f"{at}/promised_on", f"lies in the past: at the site it is {today}")
    if line.quantity is not None and number is not None:
        asked = schedules[number].quantity
        if line.quantity == asked:
            yield FieldError(f"{at}/quantity", "is what is asked: leave it out")
        elif ordered.quantity - asked + line.quantity < settled_quantity(now):
            yield FieldError(
                f"{at}/quantity", f"at least {shortest(settled_quantity(now))} have come of the line"
            )
    if line.price is not None and line.price == ordered.price:
        yield FieldError(f"{at}/price", "is what is asked: leave it out")
    if line.substitute is not None and line.substitute.item == ordered.item:
        yield FieldError(f"{at}/substitute/item", "is what is asked: leave it out")
    if line.substitute is not None and now.received_quantity:
        yield FieldError(f"{at}/substitute", "goods of this line have come")


def _changes(line: AnsweredLine, now: LineNow, promised: Mapping[Key, date], so_far: int) -> list[Change]:
    ordered = now.ordered
    schedules = {one.schedule_number: one for one in schedules_of(ordered)}
    number = line.schedule_number or next(iter(schedules))
    stated: list[tuple[Changed, str, str, str | None]] = []
    if line.promised_on is not None:
        was = promised[line.line_number, number]
        stated.append((Changed.PROMISED_ON, str(was), str(line.promised_on), None))
    if line.quantity is not None:
        was_ordered = str(shortest(schedules[number].quantity))
        stated.append((Changed.QUANTITY, was_ordered, str(shortest(line.quantity)), None))
    if line.price is not None:
        stated.append((Changed.PRICE, str(shortest(ordered.price)), str(shortest(line.price)), None))
    if line.substitute is not None:
        stated.append((Changed.SUBSTITUTE, ordered.item, line.substitute.item, line.substitute.description))
    return [
        Change(
            number=so_far + nth,
            line_number=line.line_number,
            schedule_number=number if field in {Changed.PROMISED_ON, Changed.QUANTITY} else None,
            field=field,
            before=before,
            after=after,
            description=description,
            reason=line.reason,
        )
        for nth, (field, before, after, description) in enumerate(stated, start=1)
    ]


def dates_taken(changes: Sequence[Change]) -> dict[Key, date]:
    """Return the days among changes, by schedule: taken, they are promised."""
    return {
        (one.line_number, one.schedule_number or ONLY): date.fromisoformat(one.after)
        for one in changes
        if one.field == Changed.PROMISED_ON
    }


def with_taken(lines: Sequence[DraftLine], changes: Sequence[Change]) -> tuple[DraftLine, ...]:
    """Return lines as they are to be ordered when changes of them are taken; days are promised."""
    found = {line.line_number: line for line in lines}
    for change in changes:
        line = found[change.line_number]
        if change.field == Changed.QUANTITY:
            line = _of_quantity(line, change.schedule_number or ONLY, Decimal(change.after))
        elif change.field == Changed.PRICE:
            line = replace(line, price=Decimal(change.after))
        elif change.field == Changed.SUBSTITUTE:
            line = replace(line, item=change.after, description=change.description or line.description)
        found[change.line_number] = line
    return tuple(found[line.line_number] for line in lines)


def _of_quantity(line: DraftLine, number: int, quantity: Decimal) -> DraftLine:
    if not line.schedules:
        return replace(line, quantity=quantity)
    schedules = tuple(
        Schedule(number, quantity, one.need_by) if one.schedule_number == number else one
        for one in line.schedules
    )
    return replace(line, schedules=schedules, quantity=sum((one.quantity for one in schedules), Decimal(0)))


def check_decided(
    decisions: Mapping[int, Decision], undecided: Mapping[int, int], lines: Mapping[int, LineNow]
) -> None:
    """Raise InvalidError for what is no change of the answer, was decided before, or is taken too late.

    `undecided` are the lines of changes by the changes' numbers.
    """
    there = ", ".join(map(str, undecided)) or "none"
    problems = []
    for index, (number, decision) in enumerate(decisions.items()):
        if number not in undecided:
            why = f"{number} is none of those to be decided: {there}"
            problems.append(FieldError(f"/changes/{index}/number", why))
        elif decision == Decision.TAKEN and lines[undecided[number]].closed_as is not None:
            why = f"line {undecided[number]} was closed since: refuse it"
            problems.append(FieldError(f"/changes/{index}/decision", why))
    if problems:
        raise InvalidError("nothing_to_decide", "Changes cannot be decided.", errors=problems)


def answer_by(issued_on: date, due: AcknowledgementDue) -> date:
    """Return the last day on which a version that was issued on a day is answered in time."""
    return issued_on + timedelta(days=due.answer_days)

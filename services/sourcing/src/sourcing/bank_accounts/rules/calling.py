"""Whom a verifier calls: a number that was known before the request, and that the requester did not enter.

A request that is forged brings its own number along, in its letterhead or among the contacts that somebody
changed the week before. The call has to reach the supplier all the same (FBI IC3, business e-mail compromise:
"use known, verified numbers").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from purveyor.errors import FieldError, InvalidError
from sourcing.suppliers.rules.phones import KnownPhone, dialled

FIELD = "/call/number"
A_MINUTE = timedelta(minutes=1)
"""People state when they called to the minute, and by another clock than the database's."""


@dataclass(frozen=True, slots=True)
class CallRules:
    """What a number is held against: when and by whom the change was asked for, who calls."""

    requested_at: datetime
    requested_by: str
    verified_by: str
    known_for: timedelta
    new_until: datetime | None = None
    """Of a supplier that never had an account: a number that came by then came with it."""

    def came_with_supplier(self, phone: KnownPhone) -> bool:
        """Whether a number is nearly as old as the supplier, whose first account need not wait."""
        return self.new_until is not None and phone.since <= self.new_until


@dataclass(frozen=True, slots=True)
class Call:
    """The call by which somebody verifies a change, and which they made: at which number, to whom, when."""

    number: str
    spoke_to: str
    at: datetime


def why_not(phone: KnownPhone, rules: CallRules) -> str | None:
    """Return why a number proves nothing when it is called; None when it may be."""
    if phone.since >= rules.requested_at:
        return "This number became known with the request or after it: call one that was known before."
    if phone.since > rules.requested_at - rules.known_for and not rules.came_with_supplier(phone):
        days = rules.known_for.days
        return f"This number was known for less than {days} days when the change was asked for."
    if phone.was_entered_by(rules.requested_by):
        return "Who asked for the change entered this number: call one that somebody else did."
    if phone.was_entered_by(rules.verified_by):
        return "You entered this number yourself: leave the call to a colleague, or call another."
    return None


def callable_phones(phones: Iterable[KnownPhone], rules: CallRules) -> list[KnownPhone]:
    """Return the numbers that may be called."""
    return [phone for phone in phones if why_not(phone, rules) is None]


def expect_proof(
    call: Call, phones: Sequence[KnownPhone], rules: CallRules, *, country: str | None, now: datetime
) -> KnownPhone:
    """Return the known number that was called, compared by its digits; raises InvalidError naming the field.

    Of a number that several contacts have, each has to hold: they share its digits, and so its note.
    """
    if not rules.requested_at - A_MINUTE < call.at < now + A_MINUTE:
        detail = "The call was between the request and now: state when."
        raise _invalid("/call/at", detail)
    digits = dialled(call.number, country)
    matching = [phone for phone in phones if phone.digits == digits]
    if not matching:
        raise _invalid(FIELD, "No contact of the supplier has this number: call one that has been known.")
    reasons = [reason for phone in matching if (reason := why_not(phone, rules)) is not None]
    if reasons:
        raise _invalid(FIELD, reasons[0])
    return matching[0]


def _invalid(pointer: str, detail: str) -> InvalidError:
    return InvalidError("call_proves_nothing", detail, errors=[FieldError(pointer, detail)])

"""Since when a supplier's phone numbers are known, and by whom: what a call-back goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import phonenumbers


@dataclass(frozen=True, slots=True)
class KnownPhone:
    """A number among a supplier's contacts: whom it reaches, since when it is there, who entered it."""

    number: str
    digits: str
    name: str
    since: datetime
    by: str
    writers: tuple[str, ...] = ()
    """Who of the supplier's own people wrote it down, where one of ours only took it over."""

    def was_entered_by(self, person: str) -> bool:
        """Whether somebody had a part in its being there."""
        return person == self.by or person in self.writers


def dialled(number: str, country: str | None) -> str:
    """Return the digits that a number is dialled by, from the country's on (ITU-T E.164).

    A national number is read as one of `country`; where nobody can tell, its own digits stand for it.
    """
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdecimal, number))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def noted(
    known: Iterable[KnownPhone], stated: Iterable[str], by: str, at: datetime, writers: tuple[str, ...] = ()
) -> Mapping[str, tuple[datetime, str, tuple[str, ...]]]:
    """Return since when each stated number (its digits) is known, by whom, and who wrote it down.

    What was known before stays as it was; what is new, or was taken away and comes back, is known from now.
    """
    before = {phone.digits: (phone.since, phone.by, phone.writers) for phone in known}
    return {digits: before.get(digits, (at, by, writers)) for digits in stated}

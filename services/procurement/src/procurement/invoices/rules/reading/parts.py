"""Values of elements, taken as they came: what is missing is None, for the rules to say so.

Only what cannot be a number where one belongs makes an invoice unreadable (XML Schema: xs:decimal).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from procurement.documents.rules.ubl.reading import TIME_ZONE, Part
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError
from procurement.invoices.rules.terms import Known, Malformed

DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
MOST_DIGITS, MOST_WHOLE_DIGITS = 30, 12
"""With more before the point what is multiplied would not be exact; a stated amount has no more either."""
TRUE, FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})
"""The booleans of XML Schema (part 2, 3.2.2)."""
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BLANKS = re.compile(r"\s+")


def said(part: Part, path: str) -> str | None:
    """Return what an element says; None where it is missing or says nothing."""
    found = part.part(path)
    return None if found is None else found.text or None


def token(part: Part, path: str) -> str | None:
    """Return a code or a number of something, with its blanks made single ones."""
    text = said(part, path)
    return None if text is None else BLANKS.sub(" ", text)


def known(part: Part | None) -> Known | None:
    """Return an identifier with its scheme."""
    return None if part is None or not part.text else Known(part.text, part.attribute("schemeID"))


def decimal(part: Part | None) -> Decimal | None:
    """Return a number; raises UnreadableError for what is none."""
    if part is None or not part.text:
        return None
    text = part.text
    if DECIMAL.fullmatch(text) is None or len(text) > MOST_DIGITS:
        raise UnreadableError(
            Unreadable.VALUE_WRONG, f"{part.path} is {text[:40]!r}: write a number such as -1250.00."
        )
    found = Decimal(text)
    if found.adjusted() >= MOST_WHOLE_DIGITS:
        raise UnreadableError(
            Unreadable.VALUE_WRONG,
            f"{part.path} is {text}: write a number of {MOST_WHOLE_DIGITS} digits before the point at most.",
        )
    return found


def number(part: Part, path: str) -> Decimal | None:
    """Return the number at a path."""
    return decimal(part.part(path))


def boolean(part: Part, path: str) -> bool | None:
    """Return whether something is so; None where it is not said."""
    text = said(part, path)
    if text is None:
        return None
    if text not in TRUE | FALSE:
        raise UnreadableError(
            Unreadable.VALUE_WRONG, f"{part.path}/{path} is {text[:40]!r}: write true or false."
        )
    return text in TRUE


class Days:
    """Reads days, and remembers those that are none as they are to be written."""

    def __init__(self) -> None:
        self.malformed: list[Malformed] = []

    def read(self, term: str, text: str | None) -> date | None:
        """Return a day of XML Schema; None where there is none that can be understood."""
        if text is None:
            return None
        if WRITTEN.fullmatch(text) is None:
            self.malformed.append(Malformed(term, text))
        return self._understood(term, TIME_ZONE.sub("", text))

    def compact(self, term: str, text: str | None) -> date | None:
        """Return a day as CII writes it, `20261130` (UNTDID 2379, format 102)."""
        if text is None:
            return None
        if len(text) != 8 or not text.isdecimal():
            self.malformed.append(Malformed(term, text))
            return None
        return self._understood(term, f"{text[:4]}-{text[4:6]}-{text[6:]}")

    def _understood(self, term: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if WRITTEN.fullmatch(text) else None
        except ValueError:
            self.malformed.append(Malformed(term, text))
            return None

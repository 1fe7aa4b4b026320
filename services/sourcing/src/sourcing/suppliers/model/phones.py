"""The phone numbers among a supplier's contacts, with the note of when each became known and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sourcing.suppliers.model.supplier import Supplier
from sourcing.suppliers.rules.phones import KnownPhone, dialled, noted


def known_phones(supplier: Supplier) -> list[KnownPhone]:
    """Return a supplier's numbers that are known: since it was registered, while nothing else was noted.

    A number without a note beside others that have one is not known: it reads otherwise since the supplier's
    country was put back, say.
    """
    notes = supplier.phones_since or {}
    found = []
    for contact in supplier.contacts:
        if not contact.get("phone"):
            continue
        digits = dialled(contact["phone"], supplier.country)
        note = notes.get(digits)
        if notes and note is None:
            continue
        since = supplier.registered_at if note is None else datetime.fromisoformat(note["since"])
        by = supplier.registered_by if note is None else note["by"]
        writers = () if note is None else tuple(note.get("writers", ()))
        found.append(KnownPhone(contact["phone"], digits, contact["name"], since, by, writers))
    return found


def note_phones(
    supplier: Supplier, before: Sequence[KnownPhone], by: str, at: datetime, writers: Sequence[str]
) -> None:
    """Note since when the numbers are known that were just stated, given those that were there before."""
    stated = [dialled(one["phone"], supplier.country) for one in supplier.contacts if one.get("phone")]
    supplier.phones_since = {
        digits: {"since": since.isoformat(), "by": who, "writers": list(wrote)}
        for digits, (since, who, wrote) in noted(before, stated, by, at, tuple(writers)).items()
    }

"""What a supplier proposes to have changed in its record, and what of it may be taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from purveyor.errors import ConflictError, FieldError, InvalidError

TAKEN_BY_ANOTHER = "Who wrote what a supplier proposes does not decide it: ask a colleague."
"""Why the authors of a change do not decide it (COSO: segregation of duties)."""


class Field(StrEnum):
    """What of its record a supplier may propose to change, each decided by itself."""

    LEGAL_NAME = "legal_name"
    COUNTRY = "country"
    IDENTIFIERS = "identifiers"
    CONTACTS = "contacts"
    CATEGORIES = "categories"
    SITES = "sites"


class ChangeStatus(StrEnum):
    """Where what a supplier writes stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What became of one field that a supplier proposed to change."""

    TAKEN = "taken"
    RETURNED = "returned"


OPEN = frozenset({ChangeStatus.DRAFT, ChangeStatus.PROPOSED})
"""Where a supplier has something of its own under way; it has one such thing at a time."""

Record = Mapping[str, Any]
"""A supplier's details by name, as JSON has them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a buyer decides of one field."""

    field: Field
    decision: Decision
    reason: str | None = None
    reason_for_supplier: str | None = None


def comparable(field: str, value: Any) -> Any:
    """Return a value as it is compared: what has no order of its own in one order, nothing like null."""
    if field == Field.CATEGORIES:
        return sorted(value)
    if field == Field.IDENTIFIERS:
        return sorted((one["scheme"], one["value"]) for one in value)
    if isinstance(value, list):
        return [{name: part for name, part in one.items() if part is not None} for one in value]
    return value


def is_other(field: str, one: Any, another: Any) -> bool:
    """Whether two values of a field say something else."""
    return bool(comparable(field, one) != comparable(field, another))


def proposed(record: Record, stated: Record) -> list[Field]:
    """Return the fields that are stated and would be otherwise than the record has them."""
    return [f for f in Field if stated.get(f) is not None and is_other(f, record[f], stated[f])]


def expect_something(record: Record, stated: Record) -> list[Field]:
    """Return the fields that would change; raises InvalidError when there are none."""
    fields = proposed(record, stated)
    if not fields:
        raise InvalidError(
            "nothing_changed", "The record says all of this already: state what is to be otherwise."
        )
    return fields


def merged(record: Record, stated: Record, taken: Collection[str]) -> dict[str, Any]:
    """Return a record with the fields that are taken as they were stated, and no others."""
    return {field.value: stated[field] if field in taken else record[field] for field in Field}


def expect_decisions(waiting: Collection[str], decided: Sequence[Decided]) -> None:
    """Raise InvalidError naming each decision of a field that does not wait, or that lacks its reason."""
    errors, seen = [], set()
    for place, one in enumerate(decided):
        if one.field not in waiting:
            detail = f"{one.field} does not wait for a decision; {_these(waiting)}."
            errors.append(FieldError(f"/decisions/{place}/field", detail))
        elif one.field in seen:
            errors.append(FieldError(f"/decisions/{place}/field", f"{one.field} is decided once."))
        elif one.decision is Decision.RETURNED and one.reason_for_supplier is None:
            detail = "Tell the supplier why it is returned, so that it can do better."
            errors.append(FieldError(f"/decisions/{place}/reason_for_supplier", detail))
        seen.add(one.field)
    if errors:
        raise InvalidError("decision_invalid", " ".join(error.detail for error in errors[:3]), errors=errors)


def _these(waiting: Collection[str]) -> str:
    return f"these do: {', '.join(sorted(waiting))}" if waiting else "nothing does"


def expect_still(record: Record, was: Record, taken: Sequence[str]) -> None:
    """Raise ConflictError when the record is otherwise by now than the supplier saw it: lists are whole."""
    changed = [field for field in taken if is_other(field, record[field], was[field])]
    if changed:
        raise ConflictError(
            "record_changed",
            f"The record's {', '.join(changed)} changed since the supplier proposed it: return that, and let "
            "the supplier propose it anew.",
            fields=changed,
        )


def expect_status(status: ChangeStatus, *allowed: ChangeStatus) -> None:
    """Raise ConflictError unless what a supplier wrote stands where this is possible."""
    if status not in allowed:
        raise ConflictError(
            "wrong_state",
            f"It is {status}; this is possible while it is {' or '.join(allowed)}.",
            allowed=[],
        )

"""Which suppliers may be merged, and what of the one that ends keeps from ordering from the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from purveyor.errors import ConflictError, FieldError, InvalidError
from sourcing.suppliers.rules.qualification import ENDED, Status

OF_ONE_PERSON = ("VAT", "LEI")
"""Schemes in which a legal person has one number: two numbers are two persons (ISO 17442 of the LEI)."""

MERGED_BY_ANOTHER = (
    "Who registered, changed or submitted one of two suppliers does not merge them: ask a colleague."
)
WITHDRAWN_BY_ANOTHER = (
    "Who registered, changed or submitted a supplier does not withdraw it: ask a colleague."
)
CLEARED_BY_ANOTHER = "Who merged two suppliers, or wrote one of them, does not clear what speaks against it."

SPEAKS_AGAINST = frozenset({Status.SUSPENDED, Status.UNCONFIRMED, Status.REJECTED})
"""Where somebody has found something against a supplier, which is found against the company that it is."""


@dataclass(frozen=True, slots=True)
class Party:
    """One of two suppliers, as a merge looks at it."""

    id: UUID
    number: str
    status: Status
    numbers: frozenset[tuple[str, str]]
    """Schemes and values that it has, and those that it was approved with."""


def expect_one_company(gone: Party, stays: Party) -> None:
    """Raise unless two suppliers may be the same company."""
    if gone.id == stays.id:
        raise _refused("merge_with_itself", "A supplier is not merged with itself: name the other one.")
    if stays.status in ENDED:
        raise ConflictError(
            "successor_ended",
            f"Supplier {stays.number} is {stays.status}: nothing goes on as it. Merge into one that goes on, "
            "or terminate the other, too.",
        )
    for scheme in OF_ONE_PERSON:
        one, other = (sorted(v for s, v in party.numbers if s == scheme) for party in (gone, stays))
        if one and other:
            raise ConflictError(
                "different_companies",
                f"{gone.number} has {scheme} {' and '.join(one)}, {stays.number} has {' and '.join(other)}: "
                "those are two legal persons. Where one number is wrong, correct it and have that confirmed.",
            )


def expect_had(wanted: Sequence[tuple[str, str]], had: Collection[tuple[str, str]], field: str) -> None:
    """Raise InvalidError naming every number that is to be taken over and that the supplier does not have."""
    errors = [
        FieldError(f"/{field}/{place}", f"It has no {scheme} {value}.")
        for place, (scheme, value) in enumerate(wanted)
        if (scheme, value) not in had
    ]
    if errors:
        raise InvalidError("not_its_own", "Only what it has is taken over from a supplier.", errors=errors)


def expect_offered(wanted: Sequence[str], offered: Collection[str], field: str) -> None:
    """Raise InvalidError naming every category that is to be taken over and that it does not offer."""
    errors = [
        FieldError(f"/{field}/{place}", f"It does not offer {category}.")
        for place, category in enumerate(wanted)
        if category not in offered
    ]
    if errors:
        raise InvalidError("not_its_own", "Only what it has is taken over from a supplier.", errors=errors)


def what_speaks_against(number: str, status: Status, reason: str | None) -> str | None:
    """Return why the other is not ordered from until somebody has looked; None where nothing is known."""
    if status not in SPEAKS_AGAINST:
        return None
    return f"{number}, which is the same company, was {status}" + (f": {reason}" if reason else "")


def came_over(number: str, reason: str) -> str:
    """Return the reason of a block that came over with a merge."""
    return f"of {number}, which is the same company: {reason}"


def why_not_withdrawn(
    number: str, *, imported: bool, scored: bool, merged_into_it: Iterable[str], owns: Iterable[str]
) -> str | None:
    """Return why a supplier was not a mistake; None where it may be withdrawn."""
    others, owned = ", ".join(merged_into_it), ", ".join(owns)
    if imported:
        return f"{number} was imported: orders of the past may name it. Merge or terminate it."
    if scored:
        return f"{number} was scored, so it was ordered from. Merge or terminate it."
    if others:
        return f"{others} was merged into {number}, and goes on as it. Merge or terminate it."
    if owned:
        return f"{owned} belongs to {number}. State first what it belongs to."
    return None


def _refused(code: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, errors=[FieldError("/into", detail)])

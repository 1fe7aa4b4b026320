"""What suppliers can be compared, and which of their documents somebody has to ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from purveyor.errors import FieldError, InvalidError
from sourcing.documents.rules import STAGES, Lack, Standing

FEWEST, MOST = 2, 10
EXPIRING_WITHIN = timedelta(days=STAGES[-1])
"""From the day on which its end is told first, a document is about to expire."""


def expect_each_once(asked: Sequence[UUID]) -> None:
    """Raise InvalidError naming suppliers that are asked for again: nobody is compared with itself."""
    again = [place for place, one in enumerate(asked) if one in asked[:place]]
    if again:
        raise InvalidError(
            "supplier_repeated",
            "A supplier is asked for twice.",
            errors=[FieldError(f"/query/id/{place}", "It was asked for before.") for place in again],
        )


def expect_known(asked: Sequence[UUID], known: Collection[UUID]) -> None:
    """Raise InvalidError naming each supplier that there is not, by its place among those that are asked."""
    unknown = [place for place, one in enumerate(asked) if one not in known]
    if unknown:
        raise InvalidError(
            "suppliers_unknown",
            "Not all of the suppliers that are asked for exist.",
            errors=[
                FieldError(f"/query/id/{place}", f"No supplier {asked[place]} exists.") for place in unknown
            ],
        )


def missing(standings: Iterable[Standing]) -> list[Standing]:
    """Return which documents a supplier needs and does not have, for it has ended or was never given."""
    return [one for one in standings if one.lack is not Lack.HOLDS]


def expiring(standings: Iterable[Standing], day: date) -> list[Standing]:
    """Return which documents that a supplier needs hold on a day, and soon do not."""
    return [
        one
        for one in standings
        if one.lack is Lack.HOLDS and one.valid_to is not None and one.valid_to <= day + EXPIRING_WITHIN
    ]

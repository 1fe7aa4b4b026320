"""Which window a request asks about: `?from=&to=&as_of=`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from purveyor.days import Day
from purveyor.errors import FieldError, InvalidError
from purveyor.http.transaction import Tx
from supplier_performance.deliveries import queries
from supplier_performance.deliveries.rules import Question, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, and the day that an answer says it is of."""

    question: Question
    as_of: date
    by_default: bool
    """Whether the request left everything open: the rolling window, judged today."""


async def _asked(
    tx: Tx,
    first: Annotated[Day | None, Query(alias="from", description="First promised date")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last promised date")] = None,
    as_of: Annotated[Day | None, Query(description="Judge by what was known on this day")] = None,
) -> Asked:
    window = await queries.rolling_window(tx, last or as_of)
    if first is not None:
        window = Window(first, window.last)
    if window.first > window.last:
        raise InvalidError(
            "window_reversed",
            f"The window would begin on {window.first} and end on {window.last}.",
            errors=[FieldError("/query/from", "Must not be after `to`")],
        )
    left_open = first is None and last is None and as_of is None
    return Asked(Question(window, as_of), as_of or tx.day, left_open)


AskedWindow = Annotated[Asked, Depends(_asked)]

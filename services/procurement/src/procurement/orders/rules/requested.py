"""What an order takes over of requisitions: to what it is charged, and what of a line stays as requested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from procurement.amounts.rules.spread import spread
from procurement.orders.rules.drafts import DraftLine
from purveyor.errors import FieldError, InvalidError


class Charged(Protocol):
    """What a cost centre bears of a requested line."""

    cost_centre: Any
    project: Any
    amount: Any


class Share(Charged, Protocol):
    """The same, with its share."""

    share: Any


class AsRequested(Protocol):
    """What a requested line asks for, and the order line that orders it."""

    @property
    def order_line_number(self) -> int:
        """The order's line."""

    @property
    def item(self) -> str | None:
        """The item; None: it is named as the buyer likes."""

    @property
    def category(self) -> str:
        """What is bought."""

    @property
    def unit(self) -> str:
        """What its quantity counts."""


def charged_to(charged: Iterable[Charged]) -> tuple[str, str | None]:
    """Return the cost centre that an order names, and its project: an order has one of each.

    It is the one that bears most, of equal ones the first by its code; a project only where all is for it.
    What each bears stays said by the requisitions, line by line.
    """
    borne: dict[str, Decimal] = defaultdict(Decimal)
    projects = set()
    for one in charged:
        borne[one.cost_centre] += one.amount
        projects.add(one.project)
    most = min(borne, key=lambda code: (-borne[code], code))
    return most, projects.pop() if len(projects) == 1 else None


def borne_by(
    requested: Sequence[Share], cost: Decimal, currency: str
) -> dict[tuple[str, str | None], Decimal]:
    """Return what each cost centre, and its project, bears of what a requested line costs, by its share.

    They add up to it: the last cents go to the largest remainders (Hamilton's method).
    """
    parts = spread(cost, {place: one.share for place, one in enumerate(requested)}, currency)
    return {(one.cost_centre, one.project): parts[place] for place, one in enumerate(requested)}


def check_as_requested(requested: Sequence[AsRequested], lines: Sequence[DraftLine]) -> None:
    """Raise InvalidError for lines that order of a requisition another thing than was approved."""
    by_number = {one.order_line_number: one for one in requested}
    problems: list[FieldError] = []
    for index, line in enumerate(lines):
        if asked := by_number.get(line.line_number):
            problems += _differences(f"/lines/{index}", asked, line)
    if problems:
        raise InvalidError(
            "not_as_requested", "An order of requisitions orders what they ask.", errors=problems
        )


def _differences(at: str, asked: AsRequested, line: DraftLine) -> Iterator[FieldError]:
    for name in ("item", "category", "unit"):
        wanted = getattr(asked, name)
        if wanted is not None and getattr(line, name) != wanted:
            yield FieldError(f"{at}/{name}", f"{wanted} was requested")


def repointed(error: InvalidError, places: Mapping[int, int]) -> InvalidError:
    """Return a refusal of an order's lines as one of the lines that a buyer named, each at its place."""
    errors = []
    for one in error.errors:
        parts = one.pointer.split("/")
        if len(parts) > 2 and parts[1] == "lines" and parts[2].isdigit():
            parts[2] = str(places[int(parts[2])])
        errors.append(FieldError("/".join(parts), one.detail, one.line))
    return InvalidError(error.code, error.detail, errors=errors, **error.extensions)

"""Which tenders make sense: codes once, items in every lot, weights of 100, a closing that comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from purveyor.errors import FieldError, InvalidError
from sourcing.tenders.rules.content import MOST_ITEMS, TenderContent, TenderKind
from sourcing.tenders.rules.criteria import OF_NUMBERS, Formula, Method, TenderCriterion
from sourcing.tenders.rules.timetable import FARTHEST, moment_of, zone_called

HUNDRED = Decimal(100)
MOST_TOGETHER = Decimal(30)
"""What factors beside the price may count together, in percent (Law of Ukraine on public procurement, 29)."""


def check_content(kind: TenderKind, content: TenderContent, now: datetime) -> None:
    """Raise InvalidError for a tender that nobody could bid for or judge, naming where."""
    _expect_none("codes_repeated", "Each code and number stands once.", _repeated(content))
    _expect_none("lot_empty", "A lot has items.", _empty(content))
    _expect_none("weights_do_not_add_up", "Weights add up to 100.", _weights(content))
    _expect_none("criterion_malformed", "A criterion has what its formula needs.", _criteria(content))
    _expect_none("factor_malformed", "Factors count 30 percent together at most.", _factors(content))
    _expect_none("timetable_wrong", "A tender closes once, later than now.", _timetable(kind, content, now))


def _expect_none(code: str, rule: str, errors: Iterable[FieldError]) -> None:
    found = list(errors)
    if found:
        raise InvalidError(code, f"{rule} {found[0].detail}", errors=found)


def _repeated(content: TenderContent) -> Iterator[FieldError]:
    yield from _twice([(f"/lots/{at}/code", lot.code) for at, lot in enumerate(content.lots)], "lot")
    yield from _twice([(f"{at}/number", item.number) for at, _, item in content.items()], "item")
    asked = [(f"/asked/{at}/code", one.code) for at, one in enumerate(content.asked)]
    yield from _twice(asked, "question")
    criteria = [(f"/criteria/{at}/code", one.code) for at, one in enumerate(content.criteria)]
    yield from _twice(criteria, "criterion")
    factors = [(f"/factors/{at}/code", one.code) for at, one in enumerate(content.factors)]
    yield from _twice(factors, "factor")
    rates = [(f"/rates/{at}/currency", one.currency) for at, one in enumerate(content.rates)]
    yield from _twice([("/currency", content.currency), *rates], "rate")
    items = sum(len(lot.items) for lot in content.lots)
    if items > MOST_ITEMS:
        yield FieldError("/lots", f"There are {items} items; {MOST_ITEMS} are the most.")


def _twice(codes: Collection[tuple[str, str | int]], what: str) -> Iterator[FieldError]:
    counted = Counter(code for _, code in codes)
    seen: set[str | int] = set()
    for at, code in codes:
        if counted[code] > 1 and code in seen:
            yield FieldError(at, f"Another {what} is {code}.")
        seen.add(code)


def _empty(content: TenderContent) -> Iterator[FieldError]:
    for at, lot in enumerate(content.lots):
        if not lot.items:
            yield FieldError(f"/lots/{at}/items", f"Lot {lot.code} has no item: state one, or leave it out.")


def _weights(content: TenderContent) -> Iterator[FieldError]:
    levels: dict[str | None, list[TenderCriterion]] = defaultdict(list)
    for criterion in content.criteria:
        levels[criterion.parent].append(criterion)
    for parent, those in levels.items():
        total = sum((one.weight for one in those), Decimal(0))
        if total != HUNDRED:
            of = "at the top" if parent is None else f"under {parent}"
            yield FieldError("/criteria", f"The weights {of} add up to {total:f}.")


def _criteria(content: TenderContent) -> Iterator[FieldError]:
    by_code = {one.code: one for one in content.criteria}
    parents = {one.parent for one in content.criteria}
    asked = {one.code for one in content.asked}
    for at, one in enumerate(content.criteria):
        pointer = f"/criteria/{at}"
        if one.parent is not None and one.parent not in by_code:
            yield FieldError(f"{pointer}/parent", f"There is no criterion {one.parent}.")
        elif one.code in _above(one, by_code):
            yield FieldError(f"{pointer}/parent", f"{one.code} would be a part of itself.")
        if one.code in parents and one.formula is not None:
            yield FieldError(f"{pointer}/formula", "Others make it up: it has no formula of its own.")
        if one.code not in parents and one.formula is None:
            yield FieldError(f"{pointer}/formula", "Say how its points are reckoned.")
        yield from _bounds(pointer, one)
        if one.least is not None and one.formula is not Formula.SCORED:
            yield FieldError(f"{pointer}/least", "Only `scored` has a least number of points.")
        if one.asked is not None and one.formula not in {*OF_NUMBERS, Formula.SCORED, None}:
            yield FieldError(f"{pointer}/asked", "Its points come of no answer.")
        if one.asked is not None and one.asked not in asked:
            yield FieldError(f"{pointer}/asked", f"There is no question {one.asked}.")


def _factors(content: TenderContent) -> Iterator[FieldError]:
    if content.method is Method.WEIGHTED_PRICE and content.criteria:
        yield FieldError("/criteria", "A price is weighted by factors; criteria are of the method `points`.")
    if content.method is Method.POINTS and content.factors:
        yield FieldError("/factors", "Factors weigh the price: state the method `weighted_price`.")
    asked = {one.code for one in content.asked}
    for at, one in enumerate(content.factors):
        if one.asked not in asked:
            yield FieldError(f"/factors/{at}/asked", f"There is no question {one.asked}.")
        answers = [
            (f"/factors/{at}/options/{n}/answer", o.answer.casefold()) for n, o in enumerate(one.options)
        ]
        yield from _twice(answers, "option")
    together = sum((one.most for one in content.factors), Decimal(0))
    if together > MOST_TOGETHER:
        yield FieldError("/factors", f"They count {together:f} % together, and may count {MOST_TOGETHER} %.")


def _above(one: TenderCriterion, by_code: dict[str, TenderCriterion]) -> set[str]:
    found: set[str] = set()
    parent = one.parent
    while parent is not None and parent not in found and parent in by_code:
        found.add(parent)
        parent = by_code[parent].parent
    return found


def _bounds(pointer: str, one: TenderCriterion) -> Iterator[FieldError]:
    if one.formula is Formula.LINEAR:
        if one.best is None or one.worst is None:
            yield FieldError(f"{pointer}/best", "Say what gets 100 points and what gets none.")
        elif one.best == one.worst:
            yield FieldError(f"{pointer}/worst", "The best is not the worst.")
    elif (one.best, one.worst) != (None, None):
        yield FieldError(f"{pointer}/best", "Only `linear` has bounds.")


def _timetable(kind: TenderKind, content: TenderContent, now: datetime) -> Iterator[FieldError]:
    times = content.timetable
    zone = zone_called(times.time_zone)
    if zone is None:
        yield FieldError("/timetable/time_zone", f"{times.time_zone} is not an IANA time zone.")
        return
    if times.closes_at is None and kind is not TenderKind.QUICK_QUOTE:
        yield FieldError("/timetable/closes_at", "Say when it closes.")
    found: dict[str, datetime] = {}
    for name, local in (("questions_until", times.questions_until), ("closes_at", times.closes_at)):
        if local is None:
            continue
        try:
            found[name] = moment_of(local, zone)
        except ValueError as error:
            yield FieldError(f"/timetable/{name}", f"{str(error)[0].upper()}{str(error)[1:]}.")
    closes = found.get("closes_at")
    if closes is not None and closes <= now:
        yield FieldError("/timetable/closes_at", f"It is {now:%Y-%m-%d %H:%M} UTC already.")
    if closes is not None and closes > now + FARTHEST:
        yield FieldError("/timetable/closes_at", f"That is more than {FARTHEST.days} days from now.")
    if closes is not None and found.get("questions_until", closes) > closes:
        yield FieldError("/timetable/questions_until", "Questions end when it closes, or before.")

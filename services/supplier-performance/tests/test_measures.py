"""Measures in SQL against a plain count in Python, on random histories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor.policies import Place
from supplier_performance.deliveries import queries
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import Measures, OnTime, Question, Received, Valued, Window

from .world import World

START = date(2026, 6, 1)
DAYS = st.integers(0, 20).map(lambda offset: START + timedelta(days=offset))
ZONES = st.sampled_from(["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"])
CENTS = {"EUR": Decimal("0.01"), "JPY": Decimal(1)}


@dataclass(frozen=True)
class Receipt:
    on: date
    quantity: int
    rejected: int


@dataclass(frozen=True)
class Line:
    promised_on: date
    quantity: int
    price: Decimal
    base: int
    off: int
    currency: str
    zone: str
    category: str
    unit: str
    business_unit: str
    receipts: tuple[Receipt, ...]
    cancelled_on: date | None


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    quantity = draw(st.integers(1, 4))
    return Receipt(draw(DAYS), quantity, draw(st.integers(0, quantity)))


LINES = st.builds(
    Line,
    promised_on=DAYS,
    quantity=st.integers(1, 6),
    price=st.decimals("0", "9.999999", places=6),
    base=st.sampled_from([1, 3, 100]),
    off=st.integers(0, 3),
    currency=st.sampled_from(["EUR", "JPY"]),
    zone=ZONES,
    category=st.sampled_from(["bolts", "nuts"]),
    unit=st.sampled_from(["C62", "KGM"]),
    business_unit=st.sampled_from(["BU-1", "BU-2"]),
    receipts=st.lists(receipts(), max_size=4).map(tuple),
    cancelled_on=st.one_of(st.none(), st.none(), DAYS),
)
MOMENTS = st.integers(0, 24 * 24).map(lambda hours: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hours))


@dataclass(frozen=True)
class Grace:
    """A version of the policy `on-time`; they are decided in the order of a list."""

    days: int
    valid_from: date
    place: Place


GRACES = st.builds(
    Grace,
    days=st.integers(0, 3),
    valid_from=DAYS,
    place=st.builds(
        Place, category=st.sampled_from([None, "bolts"]), business_unit=st.sampled_from([None, "BU-1"])
    ),
)


def grace_of(line: Line, graces: list[Grace]) -> int:
    """Return the grace of a line: the precise before the general, there the latest to begin."""
    for category, unit in [
        (line.category, line.business_unit),
        (line.category, None),
        (None, line.business_unit),
        (None, None),
    ]:
        holding = [
            (grace.valid_from, number, grace.days)
            for number, grace in enumerate(graces)
            if grace.place == Place(category=category, business_unit=unit)
            and grace.valid_from <= line.promised_on
        ]
        if holding:
            return max(holding)[2]
    return 0


def worth_of(quantity: int, line: Line) -> Decimal:
    """Return what so much of a line is worth: by its price, and by its share of what is taken off it."""
    cent = CENTS[line.currency]
    exact = Fraction(line.price) / line.base
    gross = Decimal(rounded(exact * line.quantity / Fraction(cent))) * cent
    amount = max(gross - line.off, Decimal(0))
    one = max(exact + (Fraction(amount) - Fraction(gross)) / line.quantity, Fraction(0))
    return rounded(one * quantity / Fraction(cent)) * cent


def rounded(value: Fraction) -> int:
    """Round half up."""
    return int(value + Fraction(1, 2))


def counted(
    lines: list[Line], window: Window, as_of: date | None, now: datetime, graces: list[Grace]
) -> Measures:
    """Count plainly, line by line and day by day."""
    total: dict[str, int] = defaultdict(int)
    units: dict[str, list[tuple[int, int]]] = defaultdict(list)
    worth: dict[str, list[tuple[Decimal, Decimal, Decimal]]] = defaultdict(list)
    late: list[int] = []
    for line in lines:
        if not window.first <= line.promised_on <= window.last:
            continue
        today = as_of or now.astimezone(ZoneInfo(line.zone)).date()
        known = [receipt for receipt in line.receipts if receipt.on <= today]
        received = sum(receipt.quantity for receipt in known)
        rejected = sum(receipt.rejected for receipt in known)
        last_day = line.promised_on + timedelta(days=grace_of(line, graces))
        complete = received >= line.quantity
        called_off = line.cancelled_on if line.cancelled_on and line.cancelled_on <= today else None
        total["lines"] += 1
        if received:
            value, spend = (worth_of(quantity, line) for quantity in (received, received - rejected))
            share = (value * rejected / received).quantize(Decimal("0.000001"), ROUND_HALF_UP)
            units[line.unit].append((received, rejected))
            worth[line.currency].append((value, share, spend))
        if not complete and not last_day < (called_off or today):
            continue
        on_time = sum(receipt.quantity for receipt in known if receipt.on <= last_day) >= line.quantity
        in_full = received - rejected >= line.quantity
        total["due"] += 1
        total["on_time"] += on_time
        total["in_full"] += in_full
        total["both"] += on_time and in_full
        until = called_off or today
        if complete:
            until = min(
                day
                for day in (receipt.on for receipt in known)
                if sum(receipt.quantity for receipt in known if receipt.on <= day) >= line.quantity
            )
        late.append((until - line.promised_on).days)
    return Measures(
        lines=total["lines"],
        lines_due=total["due"],
        lines_on_time=total["on_time"],
        lines_in_full=total["in_full"],
        lines_on_time_in_full=total["both"],
        days_late=sum(late),
        p90_days_late=sorted(late)[-(-9 * len(late) // 10) - 1] if late else None,
        by_unit={
            unit: Received(Decimal(sum(r for r, _ in of)), Decimal(sum(j for _, j in of)))
            for unit, of in sorted(units.items())
        },
        by_currency={
            currency: Valued(len(of), *(sum(column, Decimal(0)) for column in zip(*of, strict=True)))
            for currency, of in sorted(worth.items())
        },
    )


async def tell(world: World, supplier: UUID, lines: list[Line]) -> None:
    for line in lines:
        order = await world.order(
            supplier,
            line.promised_on,
            quantity=str(line.quantity),
            price=str(line.price),
            base=str(line.base),
            off=str(line.off),
            currency=line.currency,
            time_zone=line.zone,
            category=line.category,
            unit=line.unit,
            business_unit=line.business_unit,
        )
        for receipt in line.receipts:
            await world.receive(order, receipt.on, str(receipt.quantity), str(receipt.rejected))
        if line.cancelled_on:
            await world.cancel(order, line.cancelled_on)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(LINES, max_size=6),
    bounds=st.tuples(DAYS, DAYS).map(sorted),
    as_of=st.one_of(st.none(), DAYS),
    moment=MOMENTS,
    graces=st.lists(GRACES, max_size=4),
)
async def test_measures_are_those_of_a_plain_count(
    world: World,
    lines: list[Line],
    bounds: list[date],
    as_of: date | None,
    moment: datetime,
    graces: list[Grace],
) -> None:
    world.clock.now = moment
    await world.forget_decisions()
    for grace in graces:
        await world.decide(ON_TIME, OnTime(grace_days=grace.days), grace.valid_from, grace.place)
    supplier = await world.supplier()
    await tell(world, supplier, lines)
    window = Window(*bounds)

    async with world.context.database.transaction() as tx:
        question = Question(window, as_of)
        measured = await queries.measures_of(tx, question, supplier)
        of_all = (await queries.measures(tx, question)).get(supplier, Measures())
        by_month = await queries.measures_by_month(tx, question, supplier)

    expected = counted(lines, window, as_of, moment, graces)
    assert measured == expected
    assert of_all == expected
    assert sum(month.lines for month in by_month.values()) == expected.lines

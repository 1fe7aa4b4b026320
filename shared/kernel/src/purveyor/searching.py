"""Lists that are searched: a page is found as fast among millions, whether few of them match or most.

No index has rows in every order by all that is asked of them. So a stretch of the rows that come first in
that order is looked at, which has a page of what is common; where it has not, what matches is rare enough to
be gathered by the indexes of what is asked, and sorted. No estimate has to be right for that: the planner's
own choice between the two takes seconds where what matches stands at the end of the order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select, true

from purveyor.changes import ChangeMark, look
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, counted
from purveyor.pages import KeyValue, PageRequest, encode_cursor

STRETCH, LONG_STRETCH = 4_000, 64_000
"""How many rows are looked at in the order asked for, and how many where it is worth it."""
FEW = 10
"""With fewer matches than this in a stretch, what matches is gathered."""
MANY = 20_000
"""With more matches than this, a long stretch is looked at before the rest of them is gathered."""

Condition = ColumnElement[bool]
Columns = Sequence[ColumnElement[Any]]
Behind = Sequence[KeyValue] | None


@dataclass(frozen=True, slots=True)
class Asking:
    """One condition in two forms: as rows are found by it, and as it is asked of one row after the other."""

    of_all: Condition
    of_one: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a search finds, what of it comes before the rest, and what it takes where it finds nothing."""

    matches: Condition
    conditions: Sequence[Condition | Asking] = ()
    """Beside the filters of the listing."""
    foremost: Sequence[Condition] = ()
    """Rows come by the first of these that they hold; most often few do, and they have an index for that."""
    ranks: Sequence[Condition] = ()
    """Then by the first of these, and those that hold none come last."""
    otherwise: Callable[[], Awaitable[Condition | None]] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row that is found stands: its rank, and the values that it is sorted by within that."""

    rank: int
    id: Any
    values: Sequence[KeyValue]


async def search(tx: Transaction, rows: Select[Any], asked: Asked, sought: Sought) -> Found[Any]:
    """Return a page of the rows of a table that hold what is asked and are sought.

    A cursor says at which rank it stands, so that a walk meets each row once in each order.
    """
    horizon = await look(tx.connection)
    after = PageRequest(asked.limit, asked.cursor).after(asked.question, str, int, *asked.order.types)
    mark, rank, behind = horizon.mark, 0, after
    if after is not None:
        mark, rank, behind = ChangeMark.read(str(after[0])), int(str(after[1])), after[2:]
    page = _Page.of(tx, asked, sought, sought.matches)
    last = len(sought.foremost) + len(sought.ranks)
    found = [] if rank > last else await page.ranked(sought.foremost, sought.ranks, rank, behind)
    if sought.otherwise is not None and (rank > last or (after is None and not found)):
        instead = await sought.otherwise()
        if instead is not None:
            page = _Page.of(tx, asked, sought, instead)
            found = await page.sorted(true(), last + 1, behind, page.room)
    shown = found[: asked.limit]
    next_cursor = None
    if len(found) > asked.limit:
        next_cursor = encode_cursor(asked.question, (str(mark), shown[-1].rank, *shown[-1].values))
    matching = select(asked.listing.id).where(page.of_all)
    return Found(
        rows=await _load(tx, rows, asked, [place.id for place in shown]),
        next_cursor=next_cursor,
        total=await counted(tx, matching) if asked.total else None,
        next_updated_after=None if asked.listing.changed is None else str(mark),
    )


async def _load(tx: Transaction, rows: Select[Any], asked: Asked, ids: Sequence[Any]) -> Sequence[Any]:
    loaded = (await tx.session.scalars(rows.where(asked.listing.id.in_(ids)))).all() if ids else ()
    by_id = {getattr(row, asked.listing.id.key): row for row in loaded}
    return [by_id[one] for one in ids]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of what is wanted, and the row behind it."""

    tx: Transaction
    asked: Asked
    of_all: Condition
    of_one: Condition

    @classmethod
    def of(cls, tx: Transaction, asked: Asked, sought: Sought, matches: Condition) -> _Page:
        both = [one if isinstance(one, Asking) else Asking(one, one) for one in sought.conditions]
        simple = (true(), *asked.conditions(), matches)
        return cls(
            tx,
            asked,
            and_(*simple, *(one.of_all for one in both)),
            and_(*simple, *(one.of_one for one in both)),
        )

    @property
    def room(self) -> int:
        """How many rows are read: one more than are shown says whether there is another page."""
        return self.asked.limit + 1

    async def ranked(
        self, foremost: Sequence[Condition], ranks: Sequence[Condition], rank: int, behind: Behind
    ) -> list[Place]:
        """Return the rows of a rank behind a place, then those of the ranks after it."""
        all_ranks = [*foremost, *ranks]
        found: list[Place] = []
        if rank < len(all_ranks):
            if len(await self._look_at(STRETCH, true(), 0, None, FEW)) < FEW:
                gathered = await self._gather(all_ranks, self.of_all, rank, behind, self.room, MANY)
                if gathered is not None:
                    return gathered
            if rank < len(foremost):
                few = and_(self.of_all, or_(*foremost))
                gathered = await self._gather(foremost, few, rank, behind, self.room, MANY)
                if gathered is not None:
                    found, rank, behind = gathered, len(foremost), None
        for nth in range(rank, len(all_ranks) + 1):
            if len(found) == self.room:
                break
            of_rank = and_(true(), *map(not_, all_ranks[:nth]), *all_ranks[nth : nth + 1])
            found += await self.sorted(of_rank, nth, behind, self.room - len(found))
            behind = None
        return found

    async def sorted(self, part: Condition, rank: int, behind: Behind, room: int) -> list[Place]:
        """Return what is wanted of a part behind a place, in the order asked for."""
        wanted = and_(self.of_all, part)
        found = await self._look_at(STRETCH, part, rank, behind, room)
        if len(found) == room:
            return found
        if len(found) < FEW:
            gathered = await self._gather((), wanted, rank, behind, room, MANY)
            if gathered is not None:
                return gathered
        found = await self._look_at(LONG_STRETCH, part, rank, behind, room)
        if len(found) == room:
            return found
        return await self._gather((), wanted, rank, behind, room) or []

    async def _look_at(
        self, stretch: int, part: Condition, rank: int, behind: Behind, room: int
    ) -> list[Place]:
        """Return what is wanted among the rows that come first behind a place."""
        rows = select(*self._place(literal(rank)), and_(self.of_one, part).label("is_wanted"))
        if behind is not None:
            rows = rows.where(self.asked.order.beyond(behind))
        *place, is_wanted = self.asked.order.sorted(rows).limit(stretch).subquery().c
        wanted = select(*place).where(is_wanted).order_by(*self._order(place)).limit(room)
        found = await self.tx.session.execute(wanted)
        return [Place(rank, row_id, tuple(values)) for rank, row_id, *values in found]

    async def _gather(
        self,
        ranks: Sequence[Condition],
        wanted: Condition,
        first: int,
        behind: Behind,
        room: int,
        at_most: int | None = None,
    ) -> list[Place] | None:
        """Return what is wanted behind a place, found by what is wanted of it and sorted then.

        None where that are more than so many.
        """
        rank: ColumnElement[int] = literal(first)
        if ranks:
            rank = case(*((held, nth) for nth, held in enumerate(ranks)), else_=len(ranks))
        if behind is not None:
            beyond = self.asked.order.beyond(behind)
            wanted = and_(wanted, or_(rank > first, and_(rank == first, beyond)) if ranks else beyond)
        rows = select(*self._place(rank)).where(wanted)
        if at_most is not None:
            rows = rows.limit(at_most + 1)
        # Planned by itself, it is not read in the order asked for, of which the planner is too fond.
        gathered = rows.cte("gathered").prefix_with("MATERIALIZED")
        count = select(func.count()).select_from(gathered).scalar_subquery()
        order = [*([gathered.c.rank] if ranks else []), *self._order(list(gathered.c))]
        page = select(count, *gathered.c).order_by(*order).limit(room)
        found = (await self.tx.session.execute(page)).all()
        if at_most is not None and found and found[0][0] > at_most:
            return None
        return [Place(rank, row_id, tuple(values)) for _, rank, row_id, *values in found]

    def _place(self, rank: ColumnElement[int]) -> Columns:
        """Return the columns of a `Place`."""
        values = [column.label(f"value_{nth}") for nth, column in enumerate(self.asked.order.columns)]
        return [rank.label("rank"), self.asked.listing.id.label("id"), *values]

    def _order(self, place: Sequence[ColumnElement[Any]]) -> Columns:
        _, _, *values = place
        return [one.desc() if self.asked.order.descending else one.asc() for one in values]

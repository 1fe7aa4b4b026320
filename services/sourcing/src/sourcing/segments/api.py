"""Segments over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.errors import FieldError, InvalidError
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from sourcing.segments import store
from sourcing.segments.views import SegmentMove, SegmentOut

router = APIRouter(prefix="/v1", tags=["segments"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:risk:read")]


@router.get("/segments")
async def list_segments(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.SEGMENTS, SegmentOut)]
) -> Page[SegmentOut]:
    """List where categories and suppliers stand in the portfolio, as of the last day that was segmented.

    Each stands once in every currency that something is spent in: by the policy `segments`, what others are
    worth in the reporting currency is added to it, and nothing is added without a rate.
    """
    return asked.page(await store.find_segments(tx, asked), SegmentOut.of)


@router.get("/segment-moves")
async def list_segment_moves(
    tx: Tx,
    by: Reader,
    since: Annotated[Day, Query(description="The earlier day", examples=["2026-10-31"])],
    until: Annotated[Day, Query(description="The later day", examples=["2026-11-20"])],
    asked: Annotated[Listed, listed(store.MOVES, SegmentMove)],
) -> Page[SegmentMove]:
    """List what is in another quadrant on a day than on an earlier one, or is known to be none any more."""
    if until < since:
        detail = f"{until} lies before since, {since}"
        raise InvalidError(
            "range_reversed", "A range ends before it begins.", errors=[FieldError("/query/until", detail)]
        )
    return asked.page(await store.find_moves(tx, since, until, asked), SegmentMove.of)

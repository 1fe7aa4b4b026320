"""When a tender closes, by clocks that skip an hour in spring and show one twice in autumn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.tenders.rules.timetable import (
    QUICK,
    extended,
    local_of,
    moment_of,
    quick_closing,
    zone_called,
)


def clocks(show: str) -> datetime:
    """Return what clocks show, without an offset."""
    return datetime.fromisoformat(show)


BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo")])
ANY_MOMENT = st.datetimes(clocks("2026-01-01T00:00"), clocks("2028-01-01T00:00"), timezones=st.just(UTC))
MOMENTS = ANY_MOMENT.map(lambda moment: moment.replace(second=0, microsecond=0))


def test_clocks_show_a_moment_by_their_offset_of_that_day() -> None:
    assert moment_of(clocks("2026-12-18T12:00"), BERLIN) == datetime(2026, 12, 18, 11, tzinfo=UTC)
    assert moment_of(clocks("2026-07-18T12:00"), BERLIN) == datetime(2026, 7, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "why"),
    [(clocks("2027-03-28T02:30"), "skip"), (clocks("2026-10-25T02:30"), "twice")],
)
def test_an_hour_that_the_night_skips_or_has_twice_is_no_moment(local: datetime, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        moment_of(local, BERLIN)


def is_one(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks show this just once."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() == second.utcoffset()


@given(moment=MOMENTS, zone=ZONES)
def test_what_clocks_show_of_a_moment_is_that_moment_unless_they_show_it_twice(
    moment: datetime, zone: ZoneInfo
) -> None:
    local = local_of(moment, zone)
    if is_one(local, zone):
        assert moment_of(local, zone) == moment


@given(closes=MOMENTS, amended=MOMENTS, days=st.integers(0, 30), zone=ZONES)
def test_an_amended_tender_closes_at_its_hour_on_the_first_day_that_leaves_the_days(
    closes: datetime, amended: datetime, days: int, zone: ZoneInfo
) -> None:
    stated = local_of(closes, zone)
    found = extended(stated, amended, zone, days)
    assert moment_of(found, zone) >= amended + timedelta(days=days)
    assert (found - stated) % timedelta(days=1) == timedelta(0)
    before = found - timedelta(days=1)
    if before >= stated and is_one(before, zone):
        assert moment_of(before, zone) < amended + timedelta(days=days)


@given(published=ANY_MOMENT, zone=ZONES)
def test_a_quick_quote_is_open_for_a_day_and_a_minute_at_most_but_for_an_hour_that_is_twice(
    published: datetime, zone: ZoneInfo
) -> None:
    closes = moment_of(quick_closing(published, zone), zone)
    assert published + QUICK <= closes < published + QUICK + timedelta(hours=2, minutes=1)


def test_a_zone_that_there_is_not_is_none() -> None:
    assert zone_called("Europe/Nowhere") is None
    assert zone_called("../etc/passwd") is None
    assert zone_called("Europe/Berlin") == BERLIN

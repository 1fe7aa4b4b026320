"""When a tender closes: moments by the buyer's clocks, which skip an hour in spring and have one twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

SATURDAY = 5
QUICK = timedelta(days=1)
"""How long a quick quote is open that says nothing of it."""
FARTHEST = timedelta(days=730)


class Tendering(BaseModel):
    """What every tender goes by."""

    model_config = ConfigDict(frozen=True)

    days_after_amendment: int = Field(
        default=3, ge=0, le=90, description="How many days a published amendment leaves bidders at least"
    )
    quick_quote_suppliers: int = Field(
        default=3, ge=1, le=20, description="How many suppliers a quick quote asks at least"
    )
    least_evaluators: int = Field(
        default=2, ge=1, le=50, description="How many give marks at least, where answers are scored"
    )
    outlier_points: int = Field(
        default=25, ge=1, le=100, description="How far off the median a mark is to be explained, in points"
    )
    justification_days: int = Field(
        default=1,
        ge=1,
        le=30,
        description="In how many working days an abnormally low bid is to be justified",
    )


def working_days_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment so many working days later, Monday to Friday, at the same hour by the clocks."""
    local = local_of(moment, zone)
    while days > 0:
        local += timedelta(days=1)
        days -= local.weekday() < SATURDAY
    return local.replace(tzinfo=zone).astimezone(UTC)


def zone_called(name: str) -> ZoneInfo | None:
    """Return the time zone of an IANA name; None for a name that there is not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which clocks show this, in UTC; raises ValueError unless there is just one."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    shown = first.astimezone(zone).replace(tzinfo=None)
    if shown != local:
        raise ValueError(f"the clocks of {zone.key} skip {local:%Y-%m-%d %H:%M}: name another hour")
    raise ValueError(f"the clocks of {zone.key} show {local:%Y-%m-%d %H:%M} twice: name another hour")


def local_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what clocks show at a moment, without their offset."""
    return moment.astimezone(zone).replace(tzinfo=None)


def extended(closes: datetime, amended_at: datetime, zone: ZoneInfo, days: int) -> datetime:
    """Return by the clocks when a tender closes that was amended: as stated, or whole days later.

    It is the first day, at the same hour, that lies `days` times 24 hours or more after the amendment; a day
    whose clocks do not show that hour just once is passed over.
    """
    least = amended_at + timedelta(days=days)
    candidate = closes
    while not _is_late_enough(candidate, least, zone):
        candidate += timedelta(days=1)
    return candidate


def _is_late_enough(candidate: datetime, least: datetime, zone: ZoneInfo) -> bool:
    try:
        return moment_of(candidate, zone) >= least
    except ValueError:
        return False


def quick_closing(published_at: datetime, zone: ZoneInfo) -> datetime:
    """Return by the clocks when a quick quote closes: the first whole minute a day or more after."""
    moment = (published_at + QUICK).replace(second=0, microsecond=0)
    if moment < published_at + QUICK:
        moment += timedelta(minutes=1)
    while True:
        local = local_of(moment, zone)
        try:
            if moment_of(local, zone) == moment:
                return local
        except ValueError:
            pass
        moment += timedelta(minutes=30)

"""What days do to a contract: it begins, is told of before its end, goes on by itself, ends."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from purveyor.days import LATEST
from sourcing.contracts.rules.content import ContractContent, RenewalKind
from sourcing.contracts.rules.states import RUNNING, ContractStatus
from sourcing.documents.rules import stage_due


class Due(StrEnum):
    """What a day does to a contract."""

    ACTIVATE = "activate"
    RENEW = "renew"
    REMIND = "remind"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a contract as days ask of it."""

    status: ContractStatus
    content: ContractContent
    notice_given: bool
    told_days_before: int | None


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or the last day of it; the end of a month stays one."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    length = monthrange(year, month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if ends_month else min(day.day, length))


def renewed_until(content: ContractContent) -> date | None:
    """Return until when a contract would go on by itself; None when it would not."""
    renewal = content.renewal
    if renewal.kind is not RenewalKind.AUTOMATIC or renewal.months is None:
        return None
    later = months_later(content.ends_on, renewal.months)
    later = later if renewal.until is None else min(later, renewal.until)
    return later if later > content.ends_on else None


def reaching(content: ContractContent, *, notice_given: bool) -> ContractContent:
    """Return a contract with the last day to which it may go on by itself: until then it prices things."""
    if notice_given or renewed_until(content) is None:
        return content
    return content.ending(content.renewal.until or LATEST)


def notice_deadline(content: ContractContent) -> date | None:
    """Return the last day on which somebody can say that a contract does not go on; None when it does not."""
    if renewed_until(content) is None:
        return None
    return content.ends_on - timedelta(days=content.renewal.notice_days or 0)


def stage_told(stands: Standing, day: date) -> int | None:
    """Return the reminder that is due: before its end, or before the last day for notice, where it renews."""
    last_for_notice = None if stands.notice_given else notice_deadline(stands.content)
    return stage_due(last_for_notice or stands.content.ends_on, day, stands.told_days_before)


def due(stands: Standing, day: date) -> Due | None:
    """Return what a day does next to a contract; asked again until it does nothing."""
    content = stands.content
    if stands.status is ContractStatus.SIGNED and content.starts_on <= day:
        return Due.ACTIVATE
    last_for_notice = None if stands.notice_given else notice_deadline(content)
    if stands.status is ContractStatus.ACTIVE and last_for_notice is not None and last_for_notice < day:
        return Due.RENEW
    if stands.status in RUNNING and content.ends_on < day:
        return Due.EXPIRE
    if stands.status in RUNNING and stage_told(stands, day) is not None:
        return Due.REMIND
    return None

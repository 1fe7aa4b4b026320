"""Sites in SQL: what neighbours may know of a site, declared here for them to compose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from purveyor.db import Transaction
from purveyor.sql import Statement, only

PLACE = """
SELECT code, time_zone, (:now::timestamptz AT TIME ZONE time_zone)::date AS today, valid_from, valid_to
FROM site
WHERE code = {code}
"""
"""A site and its business day now, which belongs to the time zone of the site and which PostgreSQL counts."""

AUTHORS = "SELECT authors FROM site WHERE code = {code}"
"""Who created or changed a site: nobody has goods sent where they alone have said that it is."""

DAYS = """
SELECT code AS site, :day::date::timestamp AT TIME ZONE time_zone AS begins_at FROM site
"""
"""When a business day begins at each site."""

IS_TIME_ZONE = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :name AND name ~ '^[A-Z]') AS known"
"""Copies of the database with other rules have names in small letters, such as posix/Europe/Berlin."""


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site and its business day now."""

    code: str
    time_zone: str
    today: date
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a site is: whose holidays it has, and whose clock."""

    country: str
    time_zone: str


FIND_LOCATED = Statement(Located, "SELECT country, time_zone FROM site WHERE code = :code")
FIND_AUTHORS: Statement[list[str]] = Statement(only, AUTHORS.format(code=":code"))
FIND_PLACE = Statement(SiteNow, PLACE.format(code=":code"))
FIND_TIME_ZONE: Statement[bool] = Statement(only, IS_TIME_ZONE)


async def place(tx: Transaction, code: str) -> SiteNow | None:
    """Return a site and its business day now."""
    return await FIND_PLACE.one_or_none(tx.connection, code=code, now=tx.now)


async def located(tx: Transaction, code: str) -> Located | None:
    """Return where a site is."""
    return await FIND_LOCATED.one_or_none(tx.connection, code=code)


async def business_day(tx: Transaction, code: str) -> date:
    """Return the business day now of a site that exists."""
    return (await FIND_PLACE.one(tx.connection, code=code, now=tx.now)).today


async def authors_of(tx: Transaction, code: str) -> list[str]:
    """Return who created or changed a site that exists."""
    return await FIND_AUTHORS.one(tx.connection, code=code)


async def is_time_zone(tx: Transaction, name: str) -> bool:
    """Whether a name is one of the IANA time zone database, as PostgreSQL has it."""
    return await FIND_TIME_ZONE.one(tx.connection, name=name)

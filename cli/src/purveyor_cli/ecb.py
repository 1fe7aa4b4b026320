"""Reads the European Central Bank's history of reference rates: the CSV, or the zip of it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

UNKNOWN = frozenset({"", "N/A"})
"""What stands where there was no rate: not yet, no more, or not that day."""


class NotRatesError(ValueError):
    """A file is not what the bank publishes; the message says where."""


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """What one euro was worth in a currency, in the digits that were published."""

    day: date
    currency: str
    rate: str


def read_rates(file: Path, since: date | None = None) -> Iterator[PublishedRate]:
    """Yield the rates of a file, the days as it has them: the latest first.

    Raises NotRatesError for what is no such file, naming the line.
    """
    with _opened(file) as lines:
        rows = csv.reader(lines)
        header = next(rows, [])
        if header[:1] != ["Date"]:
            raise NotRatesError(f"{file}: the first line is to begin with Date and name currencies")
        currencies = [name.strip() for name in header[1:]]
        for number, row in enumerate(rows, 2):
            if row:
                yield from _rates(f"{file}, line {number}", currencies, row, since)


def _rates(where: str, currencies: list[str], row: list[str], since: date | None) -> Iterator[PublishedRate]:
    try:
        day = date.fromisoformat(row[0].strip())
    except ValueError:
        raise NotRatesError(f"{where}: {row[0]!r} is no day, as in 2026-03-02") from None
    if len(row) != len(currencies) + 1:
        raise NotRatesError(f"{where}: {len(row)} fields where the first line has {len(currencies) + 1}")
    if since is not None and day < since:
        return
    for currency, rate in zip(currencies, row[1:], strict=True):
        if currency and rate.strip() not in UNKNOWN:
            yield PublishedRate(day, currency, rate.strip())


def _opened(file: Path) -> io.TextIOWrapper:
    if not zipfile.is_zipfile(file):
        return file.open(encoding="utf-8-sig", newline="")
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        if len(names) != 1:
            raise NotRatesError(f"{file}: holds {len(names)} CSV files, not one")
        return io.TextIOWrapper(archive.open(names[0]), encoding="utf-8-sig", newline="")

"""Reads single cells as text, dates and numbers, in the words and formats of a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping as Columns
from datetime import date, datetime
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from purveyor.countries import Country
from purveyor.unseen import OF_NO_WIDTH
from purveyor_history.mapping import PLACEHOLDER, FileFormat, Source

_COUNTRY = TypeAdapter[str](Country)
_LEFT_OUT = str.maketrans(dict.fromkeys(OF_NO_WIDTH))
LARGEST = Decimal(10) ** 9
FINEST_DECIMALS = 6


class CellError(ValueError):
    """A cell cannot be read as what it should be; `column` names it."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class Cells:
    """One file's way of writing values."""

    def __init__(self, file: FileFormat) -> None:
        self._file = file
        self._unknown = frozenset(word.strip() for word in file.unknown) | {""}
        self._dates: dict[tuple[tuple[str, ...], str], date | None] = {}
        grouping = re.escape(file.thousands_separator)
        whole = rf"\d{{1,3}}(?:{grouping}\d{{3}})+|\d+" if grouping else r"\d+"
        self._number = re.compile(rf"[+-]?(?:{whole})(?:{re.escape(file.decimal_separator)}\d+)?")

    def text(self, row: Columns[str, str], source: Source) -> str | None:
        """Return a value as text, or None where it is unknown."""
        if source.constant is not None:
            return source.constant
        if source.column is not None:
            value = self._known(row[source.column], source)
        else:
            value = self._filled(row, source)
        if value is None:
            return source.default
        return source.values.get(value, value)[: source.longest]

    def origin(self, row: Columns[str, str], source: Source) -> tuple[tuple[str, ...], str, str]:
        """Return the cells of a known text, what they make, and the same translated, before it is cut."""
        parts = tuple(self._known(row[column], source) or "" for column in source.columns)
        text = (parts[0] if source.column is not None else self._filled(row, source)) or ""
        return parts, text, source.values.get(text, text)

    def required(self, row: Columns[str, str], source: Source) -> str:
        """Return a value as text; raises CellError where it is unknown."""
        value = self.text(row, source)
        if value is None:
            raise CellError(source.label, f"{self._shown(row, source)} is unknown, and this is needed")
        return value

    def country(self, row: Columns[str, str], source: Source) -> str | None:
        """Return a value as a country's code, or None where it is unknown; raises CellError for another."""
        value = self.text(row, source)
        if value is None:
            return None
        try:
            return _COUNTRY.validate_python(value)
        except ValidationError:
            raise CellError(
                source.label, f"{value!r} is not an ISO 3166-1 alpha-2 code, such as DE"
            ) from None

    def day(self, row: Columns[str, str], source: Source) -> date | None:
        """Return a value as a day, or None where it is unknown; raises CellError for anything else."""
        value = self.text(row, source)
        if value is None:
            return None
        formats = source.date_formats or self._file.date_formats
        if (formats, value) not in self._dates:
            self._dates[formats, value] = _parse_date(value, formats)
        day = self._dates[formats, value]
        if day is None:
            raise CellError(
                source.label, f"{value!r} is not a date in any of the formats {', '.join(formats)}"
            )
        return day

    def required_day(self, row: Columns[str, str], source: Source) -> date:
        """Return a value as a day; raises CellError where it is unknown or no date."""
        value = self.day(row, source)
        if value is None:
            raise CellError(source.label, f"{self._shown(row, source)} is unknown, and this date is needed")
        return value

    def number(self, row: Columns[str, str], source: Source) -> Decimal | None:
        """Return a value as an exact number, None where it is unknown; raises CellError for anything else."""
        value = self.text(row, source)
        if value is None:
            return None
        if not self._number.fullmatch(value):
            raise CellError(source.label, f"{value!r} is not a number such as {self._example()}")
        plain = value.replace(self._file.thousands_separator, "") if self._file.thousands_separator else value
        number = Decimal(plain.replace(self._file.decimal_separator, "."))
        if abs(number) >= LARGEST:
            raise CellError(source.label, f"{value!r} is too large: below 10^9 is possible")
        if number != round(number, FINEST_DECIMALS):
            raise CellError(source.label, f"{value!r} has more than {FINEST_DECIMALS} decimals")
        return number

    def required_number(self, row: Columns[str, str], source: Source) -> Decimal:
        """Return a value as an exact number; raises CellError where it is unknown or no number."""
        value = self.number(row, source)
        if value is None:
            raise CellError(source.label, f"{self._shown(row, source)} is unknown, and this number is needed")
        return value

    def _known(self, cell: str, source: Source) -> str | None:
        value = " ".join((cell if cell.isascii() else cell.translate(_LEFT_OUT)).split())
        return None if value in self._unknown or value in source.unknown else value

    def _filled(self, row: Columns[str, str], source: Source) -> str | None:
        parts = {column: self._known(row[column], source) for column in source.columns}
        if any(part is None for part in parts.values()):
            return None
        return PLACEHOLDER.sub(lambda match: parts[match[1]] or "", source.template or "")

    def _shown(self, row: Columns[str, str], source: Source) -> str:
        return " + ".join(repr(row[column].strip()) for column in source.columns) or source.label

    def _example(self) -> str:
        file = self._file
        return f"1{file.thousands_separator}234{file.decimal_separator}5"


def _parse_date(value: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats:
        try:
            return datetime.strptime(value, pattern).date()  # noqa: DTZ007 - a business day has no time zone
        except ValueError:
            continue
    return None

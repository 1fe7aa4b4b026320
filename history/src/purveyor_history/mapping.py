"""The mapping file: which column of an export is what, how its dates and numbers look, what means unknown."""

from __future__ import annotations

import codecs
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from purveyor.countries import Country
from purveyor.imported import MAIN

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class MappingError(ValueError):
    """The mapping file cannot be used; the message says where and what would be right."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _date_format(pattern: str) -> str:
    moment = datetime(2021, 11, 27)  # noqa: DTZ001 - a calendar day, only to try the pattern on
    try:
        again = datetime.strptime(moment.strftime(pattern), pattern)  # noqa: DTZ007 - the same
    except (ValueError, re.error) as error:
        raise ValueError(f"{pattern!r} is not a date format: {error}") from None
    if again.date() != moment.date():
        raise ValueError(f"{pattern!r} does not hold day, month and year, such as '%d.%m.%Y'")
    return pattern


DateFormats = tuple[Annotated[str, AfterValidator(_date_format)], ...]


class Source(_Part):
    """Where a value comes from: one column, a template of columns, or a constant.

    A bare string in the mapping is a column's name. Blanks around a cell are cut off, those within become
    one; a cell that then reads like one of the `unknown` words has no value, and the default holds.
    """

    column: str | None = Field(default=None, description="The column's name in the file's first row")
    template: str | None = Field(default=None, description="Text with columns in braces: '{Plant}-{Dept}'")
    constant: str | None = Field(default=None, description="The same value for every row")
    default: str | None = Field(default=None, description="What holds where the cell is unknown")
    unknown: tuple[str, ...] = Field(default=(), description="Words that mean unknown in this column alone")
    values: dict[str, str] = Field(default={}, description="What the file's words stand for: cell = value")
    date_formats: DateFormats = Field(default=(), description="Of this column alone, tried in order")
    longest: int | None = Field(default=None, ge=1, description="Text beyond so many characters is cut off")

    @model_validator(mode="after")
    def _exactly_one_origin(self) -> Self:
        given = [name for name in ("column", "template", "constant") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give one of column, template or constant")
        if self.template is not None and not self.columns:
            raise ValueError(
                "a template names columns in braces, such as '{Plant}'; use constant for fixed text"
            )
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        if self.column is not None:
            return (self.column,)
        return tuple(PLACEHOLDER.findall(self.template or ""))

    @property
    def label(self) -> str:
        """How a report names it: the column or columns, else the constant."""
        return " + ".join(self.columns) or f"constant {self.constant!r}"


def _bare_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Origin = Annotated[Source, BeforeValidator(_bare_column)]


class FileFormat(_Part):
    """How the file is written."""

    encoding: str = Field(default="utf-8-sig", description="utf-8-sig reads UTF-8 with and without a mark")
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', min_length=1, max_length=1)
    date_formats: DateFormats = Field(default=("%Y-%m-%d",), min_length=1, description="Tried in order")
    decimal_separator: str = Field(default=".", min_length=1, max_length=1)
    thousands_separator: str = Field(default="", max_length=1)
    unknown: tuple[str, ...] = Field(default=(), description="Words that mean unknown in every column")
    source_system: str = Field(
        default=MAIN, min_length=1, max_length=64, description="The system that its references belong to"
    )

    @model_validator(mode="after")
    def _checks(self) -> Self:
        if self.decimal_separator == self.thousands_separator:
            raise ValueError("decimal_separator and thousands_separator are the same")
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(f"{self.encoding!r} is not an encoding that Python knows") from None
        return self

    @property
    def is_wide(self) -> bool:
        """Whether a character is several bytes, none of which means anything alone (UTF-16, UTF-32)."""
        return codecs.lookup(self.encoding).name.startswith(("utf-16", "utf-32"))


class SupplierColumns(_Part):
    """Who delivered."""

    reference: Origin = Field(description="The supplier's key in the system that the file comes from")
    legal_name: Origin
    country: Origin | None = Field(default=None, description="ISO 3166-1 alpha-2")
    identifiers: dict[Literal["VAT", "LEI", "GLN", "DUNS"], Origin] = {}
    approved: bool = Field(
        default=False,
        description="Whether they count as approved, without end, for what was ordered from them, "
        "and as registered on the first day that the file knows of them",
    )


class OrderColumns(_Part):
    """What the rows of one order have in common."""

    reference: Origin = Field(description="The order's number")
    currency: Origin = Field(description="ISO 4217")
    site: Origin = Field(description="A key of the table [sites]")
    business_unit: Origin
    cost_centre: Origin
    ordered_on: Origin | None = None


class LineColumns(_Part):
    """One line of an order. `price`, `value` or both must be there; see `prices.price_of`."""

    item: Origin
    description: Origin
    category: Origin
    quantity: Origin
    unit: Origin = Field(description="UN/ECE Recommendation 20 code")
    promised_on: Origin
    price: Origin | None = None
    price_base_quantity: Origin | None = Field(default=None, description="The price is for so many; else 1")
    value: Origin | None = Field(default=None, description="Of the line in all; it overrules the price")
    reference: Origin | None = Field(
        default=None,
        description="Rows of an order that agree here are deliveries of one line; absent: a row a line",
    )

    @model_validator(mode="after")
    def _price_or_value(self) -> Self:
        if self.price is None and self.value is None:
            raise ValueError("give price, value or both")
        return self


class ReceiptColumns(_Part):
    """What arrived; a row whose `received_on` is unknown is an order line without a delivery."""

    received_on: Origin
    quantity: Origin | None = Field(default=None, description="Absent: all that was ordered")
    rejected_quantity: Origin | None = None
    rejection_reason: Origin | None = None
    despatch_reference: Origin | None = Field(default=None, description="The supplier's despatch advice")
    repeated: Literal["refuse", "add"] = Field(
        default="refuse",
        description="What to do with a row that says what an earlier one says of the same delivery: two "
        "deliveries may be alike, and a row may be in the file twice",
    )


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not an IANA time zone, such as Europe/Berlin") from None
    return name


class Site(_Part):
    """A place that orders are delivered to; business days are counted in its time zone."""

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    country: Country
    time_zone: Annotated[str, AfterValidator(_time_zone)]


class Mapping(_Part):
    """A whole mapping file."""

    file: FileFormat = FileFormat()
    supplier: SupplierColumns
    order: OrderColumns
    line: LineColumns
    receipt: ReceiptColumns
    sites: dict[str, Site] = Field(min_length=1, description="By what the file calls them")

    @model_validator(mode="after")
    def _one_site_a_code(self) -> Self:
        seen: dict[str, Site] = {}
        for name, site in self.sites.items():
            if seen.setdefault(site.code, site) != site:
                raise ValueError(f"sites.{name}: code {site.code!r} is another site already")
        return self

    def origins(self) -> list[tuple[str, Source]]:
        """Return every field of the mapping with where its value comes from."""
        found: list[tuple[str, Source]] = []
        for part in ("supplier", "order", "line", "receipt"):
            for name, value in getattr(self, part):
                if isinstance(value, Source):
                    found.append((f"{part}.{name}", value))
        found += [
            (f"supplier.identifiers.{scheme}", source) for scheme, source in self.supplier.identifiers.items()
        ]
        return found

    def check_header(self, header: list[str]) -> None:
        """Raise MappingError unless the file has every column that the mapping reads."""
        missing = [
            f"{field} reads the column {column!r}"
            for field, source in self.origins()
            for column in source.columns
            if column not in header
        ]
        if missing:
            raise MappingError(
                "The file does not have what the mapping reads:\n  "
                + "\n  ".join(missing)
                + f"\nIts columns are: {', '.join(header)}"
            )


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises MappingError saying which field is wrong and why."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"The mapping {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping {path} is not TOML: {error}.") from error
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc']) or 'mapping'}: "
            f"{problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise MappingError(f"The mapping {path} is wrong:\n  " + "\n  ".join(problems)) from error

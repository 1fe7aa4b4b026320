"""What a GS1 barcode says at the dock (GS1 General Specifications, 3): which goods, how many, until when.

Element strings as scanners send them, with a separator behind what is of variable length, or as people write
them, with the application identifiers in brackets.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from biip import ParseError
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from stdnum import ean

from procurement.items.rules.receiving import Scanned
from procurement.receipts.rules.arriving import ArrivedLine, ArrivedLot
from purveyor.errors import FieldError, InvalidError

SEPARATOR = "\x1d"
SHOWN_SEPARATOR = "\N{SYMBOL FOR GROUP SEPARATOR}"
"""What FNC1 is on the wire, and the sign by which a text can show it."""
SYMBOLOGY_LENGTH = 3
"""Of a symbology identifier, as in `]C1`, that a scanner may send before what it read."""
NUMBERS = {"00": "SSCC", "01": "GTIN", "02": "GTIN"}
NET_WEIGHT = "310"
KILOGRAM = "KGM"
MOST_YEARS_AHEAD, MOST_YEARS_BEHIND = 50, 49


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier, and what stands behind it."""

    ai: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadBarcode:
    """What barcodes of one package say together."""

    elements: tuple[Element, ...]
    gtin: str | None
    """In fourteen digits: of the package itself (01), or of what is in a logistic unit (02)."""
    sscc: str | None
    lot: str | None
    serial: str | None
    expires_on: date | None
    """The last day on which it can be used, or is at its best where it says no other."""
    count: Decimal | None
    """Of the unit that the GTIN stands on; None: one."""
    net_weight: Decimal | None
    """In kilograms."""


def read_barcodes(barcodes: Sequence[str], today: date) -> ReadBarcode:
    """Return what barcodes of one package say, as it is read today.

    Raises InvalidError naming each that is none, has a wrong check digit, or says otherwise than another.
    """
    found: dict[str, GS1ElementString] = {}
    problems: list[FieldError] = []
    for nth, barcode in enumerate(barcodes):
        at = f"/barcodes/{nth}"
        try:
            elements = _elements(barcode)
        except ParseError as error:
            problems.append(FieldError(at, f"is no GS1 element string: {error}"))
            continue
        if not elements:
            problems.append(FieldError(at, "is no GS1 element string: nothing was read"))
        for element in elements:
            problems += _problems(at, element, found.get(element.ai.ai))
            found[element.ai.ai] = element
    gtins = {found[ai].value for ai in ("01", "02") if ai in found}
    if len(gtins) > 1 and not problems:
        problems.append(FieldError("/barcodes", "name two GTINs, 01 and 02: read one after the other"))
    if problems:
        raise InvalidError("barcode_invalid", "What was read cannot be so.", errors=problems)
    return _read(found, today)


def _elements(barcode: str) -> list[GS1ElementString]:
    text = barcode.replace(SHOWN_SEPARATOR, SEPARATOR)
    if text.startswith("]"):
        text = text[SYMBOLOGY_LENGTH:]
    if text.startswith("("):
        return GS1Message.parse_hri(text).element_strings
    return GS1Message.parse(text.strip(SEPARATOR)).element_strings


def _problems(at: str, element: GS1ElementString, before: GS1ElementString | None) -> Iterator[FieldError]:
    ai, value = element.ai.ai, element.value
    if ai in NUMBERS and (right := ean.calc_check_digit(value[:-1])) != value[-1]:
        yield FieldError(at, f"{NUMBERS[ai]} {value} has a wrong check digit: it would be {right}")
    if before is not None and before.value != value:
        yield FieldError(at, f"says ({ai}) {value}, and another says {before.value}: read them one by one")


def _day(value: str, today: date) -> date:
    """Return the day that six digits mean: within 50 years (7.12), and the month's last where it is 00."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    century = today.year // 100 * 100
    ahead = year - today.year % 100
    if ahead > MOST_YEARS_AHEAD:
        century -= 100
    elif ahead < -MOST_YEARS_BEHIND:
        century += 100
    return date(century + year, month, day or monthrange(century + year, month)[1])


def _read(found: dict[str, GS1ElementString], today: date) -> ReadBarcode:
    def value(*ais: str) -> str | None:
        return next((found[ai].value for ai in ais if ai in found), None)

    count = value("37", "30")
    last_day = value("17", "15")
    weights = [element.decimal for ai, element in found.items() if ai.startswith(NET_WEIGHT)]
    return ReadBarcode(
        elements=tuple(Element(ai, element.value) for ai, element in found.items()),
        gtin=value("01", "02"),
        sscc=value("00"),
        lot=value("10"),
        serial=value("21"),
        expires_on=_day(last_day, today) if last_day else None,
        count=Decimal(count) if count is not None else None,
        net_weight=weights[0] if weights else None,
    )


def as_arrived(read: ReadBarcode, scanned: Scanned, line_number: int) -> ArrivedLine:
    """Return goods whose barcode was read as a line of an order receives them.

    They are counted in the unit that the GTIN stands on, or weighed where the barcode says the weight and the
    item converts kilograms: then it is of variable measure, and its count says nothing.
    """
    quantity, unit = read.count or Decimal(1), scanned.unit
    if read.net_weight is not None and scanned.item.units.factor(KILOGRAM) is not None:
        quantity, unit = read.net_weight, KILOGRAM
    lots = () if read.lot is None else (ArrivedLot(read.lot, quantity, None, read.expires_on),)
    serials = () if read.serial is None else (read.serial,)
    return ArrivedLine(line_number, quantity, Decimal(0), None, stated_unit=unit, lots=lots, serials=serials)

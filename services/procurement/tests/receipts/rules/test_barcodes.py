"""What is read of a package: GS1 element strings, from scanners or as people write them."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from procurement.items.rules.conversions import Conversion, Units
from procurement.items.rules.receiving import ReceivedItem, Scanned
from procurement.receipts.rules.barcodes import as_arrived, read_barcodes
from purveyor.errors import InvalidError

TODAY = date(2026, 3, 2)
GS = "\x1d"
BOX = "14006381333938"
SSCC = "340123450000000017"
ITEM = ReceivedItem(
    Units("C62", (Conversion("XBX", Decimal(1), Decimal(12)), Conversion("KGM", Decimal(3), Decimal(100))))
)


def problems(*barcodes: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        read_barcodes(barcodes, TODAY)
    assert refused.value.code == "barcode_invalid"
    return [(one.pointer, one.detail) for one in refused.value.errors]


@pytest.mark.parametrize(
    "barcode",
    [
        f"01{BOX}17280331304{GS}10L-2231",
        f"01{BOX}10L-2231{GS}17280331304",
        f"]C1{GS}01{BOX}10L-2231{GS}17280331304{GS}",
        f"]d201{BOX}10L-2231␝17280331304",
        f"(01) {BOX} (10) L-2231 (17) 280331 (30) 4",
    ],
)
def test_one_barcode_is_read_alike_however_it_is_sent(barcode: str) -> None:
    read = read_barcodes([barcode], TODAY)
    assert (read.gtin, read.lot, read.count) == (BOX, "L-2231", Decimal(4))
    assert read.expires_on == date(2028, 3, 31)
    assert {element.ai for element in read.elements} == {"01", "10", "17", "30"}


def test_what_is_in_a_logistic_unit_stands_in_several_barcodes() -> None:
    read = read_barcodes([f"00{SSCC}", f"02{BOX}3748{GS}10L-7"], TODAY)
    assert (read.sscc, read.gtin, read.count, read.lot) == (SSCC, BOX, Decimal(48), "L-7")


@pytest.mark.parametrize(
    ("barcode", "name", "right"),
    [
        ("0114006381333939", "GTIN 14006381333939", "8"),
        ("(02)04006381333932(37)2", "GTIN 04006381333932", "1"),
        ("00340123450000000018", "SSCC 340123450000000018", "7"),
    ],
)
def test_a_wrong_check_digit_is_refused_and_the_right_one_named(barcode: str, name: str, right: str) -> None:
    assert problems(barcode) == [
        ("/barcodes/0", f"{name} has a wrong check digit: it would be {right}"),
    ]


@pytest.mark.parametrize(
    "barcode", ["hello", "0114", "(01)", "17281331", "(17)280232", "(99", "()", "]", "("]
)
def test_what_is_no_element_string_is_refused(barcode: str) -> None:
    [(pointer, why)] = problems(barcode)
    assert pointer == "/barcodes/0"
    assert why.startswith("is no GS1 element string")


def test_barcodes_of_two_packages_are_read_one_by_one() -> None:
    assert problems("10A", "10B") == [
        ("/barcodes/1", "says (10) B, and another says A: read them one by one")
    ]
    assert problems(f"01{BOX}", "0204006381333931371") == [
        ("/barcodes", "name two GTINs, 01 and 02: read one after the other")
    ]
    assert read_barcodes(["10A", "10A"], TODAY).lot == "A"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("280300", date(2028, 3, 31)),
        ("280200", date(2028, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
    ],
)
def test_a_day_is_within_fifty_years_and_no_day_is_the_last_of_its_month(value: str, day: date) -> None:
    assert read_barcodes([f"15{value}"], TODAY).expires_on == day


def test_what_expires_counts_for_more_than_what_is_best_before() -> None:
    assert read_barcodes(["1528010117280202"], TODAY).expires_on == date(2028, 2, 2)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 9))
def test_of_ten_last_digits_one_is_right(digits: str, last: int) -> None:
    if ean.calc_check_digit(digits) == str(last):
        assert read_barcodes([f"01{digits}{last}"], TODAY).gtin == f"{digits}{last}"
    else:
        assert len(problems(f"01{digits}{last}")) == 1


@given(st.text(max_size=30))
def test_whatever_is_read_is_understood_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidError):
        assert read_barcodes([text], TODAY).elements


def test_what_was_read_is_received_in_the_unit_that_the_gtin_stands_on() -> None:
    read = read_barcodes([f"(01){BOX}(10)L-2231(17)280331(30)4"], TODAY)
    line = as_arrived(read, Scanned("M8", "XBX", ITEM), 7)
    assert (line.line_number, line.stated_unit, line.quantity) == (7, "XBX", Decimal(4))
    [lot] = line.lots
    assert (lot.lot, lot.quantity, lot.expires_on) == ("L-2231", Decimal(4), date(2028, 3, 31))


def test_a_package_without_a_count_is_one_and_a_serial_is_the_packages() -> None:
    line = as_arrived(read_barcodes([f"01{BOX}21S-1"], TODAY), Scanned("M8", "XBX", ITEM), 1)
    assert (line.quantity, line.serials, line.lots) == (Decimal(1), ("S-1",), ())


def test_what_is_weighed_is_received_in_kilograms_where_the_item_converts_them() -> None:
    read = read_barcodes([f"01{BOX}3103001250"], TODAY)
    weighed = as_arrived(read, Scanned("M8", "XBX", ITEM), 1)
    assert (weighed.quantity, weighed.stated_unit) == (Decimal("1.250"), "KGM")
    counted = as_arrived(read, Scanned("M8", "C62", ReceivedItem(Units("C62"))), 1)
    assert (counted.quantity, counted.stated_unit) == (Decimal(1), "C62")

"""One company has one VAT number, however it is written, in every country that python-stdnum knows."""

# ruff: noqa: RUF001  # digits of other scripts

from __future__ import annotations

import re
from collections.abc import Iterator

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from sourcing.suppliers.rules.vat import canonical_vat

MODULES = {
    country.alpha_2: module
    for country in pycountry.countries
    if (module := get_cc_module(country.alpha_2, "vat")) is not None
}


def examples(country: str) -> list[str]:
    """Return the valid numbers that the documentation of a country's module has."""
    quoted = re.findall(r"'([^'\n]{2,30})'", MODULES[country].__doc__ or "")
    return [one for one in quoted if is_valid(country, one) and taken(one, country)]


def is_valid(country: str, number: str) -> bool:
    try:
        return bool(MODULES[country].validate(number))
    except ValidationError:
        return False


def taken(number: str, country: str | None) -> str | None:
    try:
        return canonical_vat(number, country)
    except ValueError:
        return None


def spellings(number: str) -> Iterator[str]:
    yield from (number.lower(), f" {number} ", "-".join(number), ".".join(re.findall("..?.?", number)))
    yield number.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


def test_all_countries_of_stdnum_are_tried() -> None:
    assert len(MODULES) >= 79
    assert [country for country in MODULES if not examples(country)] == []


@pytest.mark.parametrize("country", MODULES)
def test_what_is_shown_is_taken_and_the_same_for_each_country_s_own_examples(country: str) -> None:
    for number in examples(country):
        shown = canonical_vat(number, country)
        for again in (shown, *spellings(shown), *spellings(number)):
            assert taken(again, country) == shown, again
        assert taken(shown, None) == shown
        assert taken(shown, "US") == shown


@pytest.mark.parametrize("country", MODULES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_shown_is_taken_and_the_same_for_any_number(country: str, data: st.DataObject) -> None:
    number = list(data.draw(st.sampled_from(examples(country))))
    for place in data.draw(st.lists(st.integers(0, len(number) - 1), max_size=4)):
        if number[place].isdigit():
            number[place] = data.draw(st.sampled_from("0123456789"))
    shown = taken("".join(number), country)
    if shown is not None:
        assert taken(shown, country) == taken(shown, None) == shown


@pytest.mark.parametrize(
    ("kept", "country", "written"),
    [
        (
            "CHE107787577",
            "CH",
            [
                "CHE-107.787.577 MWST", "CHE-107.787.577 TVA", "CHE-107.787.577 IVA", "CHE-107.787.577 TPV",
                "CHE-107.787.577", "CHE107787577MwSt", "107.787.577", "CH107787577",
                "CHE-107.787.577 HR/MWST", "MwSt-Nr. CHE-107.787.577", "CHE-107.787.577 VAT",
            ],
        ),
        (
            "DE136695976",
            "DE",
            ["136695976", "DE 136 695 976", "USt-IdNr.: DE136695976", "USt-ID 136695976", "VAT No.136695976"],
        ),
        ("ATU13585627", "AT", ["U13585627", "UID: ATU13585627", "UID-Nr. ATU 135 85 627"]),
        ("NO995525828", "NO", ["995525828", "995 525 828 MVA", "NO995525828MVA", "NO 995525828"]),
        ("CA123026635", "CA", ["12302 6635", "12302 6635 RC 0001", "123026635RT0001"]),
        ("EL094259216", "GR", ["094259216", "GR094259216", "EL 094259216"]),
        ("FR53000004605", "MC", ["53 0000 04605", "FR53000004605"]),
        ("BE0428759497", "BE", ["428759497", "0428.759.497", "BE 428.759.497", "TVA BE 0428.759.497"]),
        ("IT00743110157", "IT", ["00743110157", "P.IVA 00743110157", "Partita IVA IT00743110157"]),
        ("EG331105268", "EG", ["331-105-268", "٣٣١-١٠٥-٢٦٨"]),
    ],
)  # fmt: skip
def test_one_company_has_one_number_whatever_stands_around_it(
    kept: str, country: str, written: list[str]
) -> None:
    assert {spelling: taken(spelling, country) for spelling in written} == dict.fromkeys(written, kept)


@pytest.mark.parametrize("number", ["GD001", "GD002", "GD111", "GD499", "HA500", "HA555", "HA599"])
def test_british_offices_have_numbers_of_three_digits(number: str) -> None:
    for country, written in (("GB", number), ("GB", f"GB {number}"), (None, f"GB{number}")):
        assert taken(written, country) == f"GB{number}"


def test_a_japanese_company_s_number_is_one_with_and_without_the_t_of_invoices() -> None:
    for written in ("T7000012050002", "T7-0000-1205-0002", "7000012050002", "JPT7000012050002"):
        assert taken(written, "JP") == "JP7000012050002"


@pytest.mark.parametrize(
    ("country", "number"),
    [("MX", "XEXX010101000"), ("MX", "XAXX-010101-000"), (None, "MXXAXX010101000"), ("PY", "44444401-7")],
)
def test_a_number_for_whoever_has_none_is_nobody_s(country: str | None, number: str) -> None:
    with pytest.raises(ValueError, match="nobody knows; leave it out"):
        canonical_vat(number, country)


def test_a_number_of_the_european_one_stop_shop_has_its_prefix_once() -> None:
    for country in ("DE", "US", "IE", None):
        assert taken("EU 372022452", country) == taken("EUEU372022452", country) == "EU372022452"


@pytest.mark.parametrize("country", sorted(MODULES.keys() - {"MX"}))
def test_a_prefix_stands_once_before_a_number(country: str) -> None:
    for number in examples(country):
        shown = canonical_vat(number, country)
        assert not shown.startswith(shown[:2] * 2)
        assert not shown.startswith(shown[:3] * 2)


def test_indian_and_turkish_numbers_are_taken_with_their_tax_s_name() -> None:
    assert taken("GSTIN: 27AAPFU0939F1ZV", "IN") == "IN27AAPFU0939F1ZV"
    assert taken("VKN 4540536920", "TR") == "TR4540536920"


def test_a_mexican_number_may_begin_with_its_country_s_letters() -> None:
    assert taken("MXA010101AB1", "MX") == taken("MX MXA010101AB1", "MX") == "MXMXA010101AB1"

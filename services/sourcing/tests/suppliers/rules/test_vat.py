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


def test_a_mexican_number_may_begin_with_its_country_s_letters() -> None:
    assert taken("MXA010101AB1", "MX") == taken("MX MXA010101AB1", "MX") == "MXMXA010101AB1"

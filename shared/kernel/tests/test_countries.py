"""Countries are those of ISO 3166-1, everywhere."""

# ruff: noqa: RUF001  # look-alikes are tried

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from purveyor.countries import Country

COUNTRY: TypeAdapter[str] = TypeAdapter(Country)


@pytest.mark.parametrize(("stated", "kept"), [("DE", "DE"), (" at ", "AT"), ("gb", "GB"), ("ＦＲ", "FR")])
def test_a_country_is_kept_in_capitals(stated: str, kept: str) -> None:
    assert COUNTRY.validate_python(stated) == kept


@pytest.mark.parametrize(
    "stated", ["ZZ", "XX", "QQ", "ßT", "ıT", "UK", "EU", "D", "DEU", "276", "Germany", "", "🇩🇪"]
)
def test_what_iso_3166_does_not_list_is_refused(stated: str) -> None:
    with pytest.raises(ValidationError):
        COUNTRY.validate_python(stated)

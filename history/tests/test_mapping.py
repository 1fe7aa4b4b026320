from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from purveyor_history.mapping import (
    FileFormat,
    LineColumns,
    Mapping,
    MappingError,
    OrderColumns,
    ReceiptColumns,
    Source,
    SupplierColumns,
    load_mapping,
)

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"

GOOD = """
[supplier]
reference = "Vendor"
legal_name = "Vendor"
[order]
reference = "PO"
currency = { constant = "EUR" }
site = "Plant"
business_unit = { constant = "BU" }
cost_centre = { template = "{Plant}-{Dept}" }
[line]
item = "Item"
description = "Text"
category = "Group"
quantity = "Qty"
unit = { constant = "C62" }
price = "Price"
promised_on = "Promised"
[receipt]
received_on = "Received"
[sites]
HAL = { code = "HAL", name = "Halden", country = "NO", time_zone = "Europe/Oslo" }
"""


def loaded(tmp_path: Path, text: str) -> Mapping:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(MappingError) as refused:
        loaded(tmp_path, text)
    return str(refused.value)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_mapping_is_valid(path: Path) -> None:
    assert load_mapping(path).sites


@pytest.mark.parametrize(
    ("part", "columns"),
    [
        ("supplier", SupplierColumns),
        ("order", OrderColumns),
        ("line", LineColumns),
        ("receipt", ReceiptColumns),
    ],
)
def test_every_field_of_a_mapping_is_documented(part: str, columns: type[BaseModel]) -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in columns.model_fields if f"`{part}.{name}`" not in page] == []


@pytest.mark.parametrize("model", [FileFormat, Source])
def test_every_setting_of_files_and_fields_is_documented(model: type[BaseModel]) -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in model.model_fields if name not in page] == []


def test_a_bare_word_is_a_column_and_a_table_says_more(tmp_path: Path) -> None:
    mapping = loaded(tmp_path, GOOD)
    assert mapping.line.item.columns == ("Item",)
    assert mapping.order.cost_centre.columns == ("Plant", "Dept")
    assert mapping.order.currency.columns == ()


def test_an_unknown_field_is_named(tmp_path: Path) -> None:
    assert "line.colour" in complaint(
        tmp_path, GOOD.replace('item = "Item"', 'item = "Item"\ncolour = "Colour"')
    )


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    assert "receipt.received_on: Field required" in complaint(
        tmp_path, GOOD.replace('received_on = "Received"', "")
    )


def test_a_field_has_one_origin(tmp_path: Path) -> None:
    text = GOOD.replace('"Group"', '{ column = "Group", constant = "castings" }')
    assert "line.category: give one of column, template or constant" in complaint(tmp_path, text)


def test_a_line_needs_a_price_or_a_value(tmp_path: Path) -> None:
    assert "line: give price, value or both" in complaint(tmp_path, GOOD.replace('price = "Price"', ""))


@pytest.mark.parametrize("pattern", ["%d.%m", "%Q", "dd.mm.yyyy"])
def test_a_date_format_holds_day_month_and_year(tmp_path: Path, pattern: str) -> None:
    assert "file.date_formats" in complaint(tmp_path, f'[file]\ndate_formats = ["{pattern}"]\n{GOOD}')


def test_a_time_zone_is_an_iana_name(tmp_path: Path) -> None:
    assert "'CET+1' is not an IANA time zone" in complaint(tmp_path, GOOD.replace("Europe/Oslo", "CET+1"))


def test_a_country_is_one_that_exists(tmp_path: Path) -> None:
    assert "stands for no country" in complaint(tmp_path, GOOD.replace('"NO"', '"XX"'))


def test_two_sites_do_not_share_a_code(tmp_path: Path) -> None:
    other = 'GDN = { code = "HAL", name = "Gdansk", country = "PL", time_zone = "Europe/Warsaw" }'
    assert "'HAL' is another site already" in complaint(tmp_path, GOOD + other)


def test_an_encoding_is_one_that_exists(tmp_path: Path) -> None:
    assert "'utf-9' is not an encoding" in complaint(tmp_path, f'[file]\nencoding = "utf-9"\n{GOOD}')


def test_the_separators_differ(tmp_path: Path) -> None:
    assert "are the same" in complaint(tmp_path, f'[file]\nthousands_separator = "."\n{GOOD}')


def test_what_is_not_toml_says_where(tmp_path: Path) -> None:
    assert "line 2" in complaint(tmp_path, "[supplier]\nreference = @")


def test_an_absent_file_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read: No such file"):
        load_mapping(tmp_path / "absent.toml")


def test_a_column_that_the_file_lacks_is_named_with_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as refused:
        loaded(tmp_path, GOOD).check_header(["PO", "Plant"])
    assert "order.cost_centre reads the column 'Dept'" in str(refused.value)
    assert "Its columns are: PO, Plant" in str(refused.value)

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.money import round_amount
from purveyor_history.documents import History, ReceiptKey
from purveyor_history.doubts import perhaps_meant
from purveyor_history.fates import Fate
from purveyor_history.mapping import Mapping, MappingError, load_mapping
from purveyor_history.prices import price_of
from purveyor_history.reading import read_history
from purveyor_history.wire import order_document, receipt_document, supplier_row

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 7, 1)
LS1 = ReceiptKey("4500", "LS1", date(2026, 2, 21))
ROW = {
    "Vendor": "Norrvik",
    "Country": "no",
    "PO": "4500",
    "Line": "10",
    "Ordered": "01.02.2026",
    "Plant": "HAL",
    "Item": "M8",
    "Group": "fasteners",
    "Qty": "1.200",
    "Price": "0,50",
    "Value": "600,00",
    "Promised": "20.02.2026",
    "Received": "21.02.2026",
    "Arrived": "1.200",
    "Rejected": "",
    "Reason": "",
    "Note": "LS1",
}


def mapping(**file: Any) -> Mapping:
    return Mapping.model_validate(
        {
            "file": {
                "delimiter": ";",
                "date_formats": ["%d.%m.%Y", "%Y-%m-%d"],
                "decimal_separator": ",",
                "thousands_separator": ".",
                "unknown": ["n/a"],
            }
            | file,
            "supplier": {"reference": "Vendor", "legal_name": "Vendor", "country": "Country"},
            "order": {
                "reference": "PO",
                "currency": {"constant": "EUR"},
                "site": "Plant",
                "business_unit": {"constant": "BU"},
                "cost_centre": {"template": "{Plant}-{Group}", "default": "none"},
                "ordered_on": "Ordered",
            },
            "line": {
                "reference": "Line",
                "item": "Item",
                "description": {"template": "{Item} of {Vendor}"},
                "category": {"column": "Group", "default": "uncategorised", "values": {"MRO": "maintenance"}},
                "quantity": "Qty",
                "unit": {"constant": "C62"},
                "price": "Price",
                "value": "Value",
                "promised_on": "Promised",
            },
            "receipt": {
                "received_on": {"column": "Received", "unknown": ["open"]},
                "quantity": "Arrived",
                "rejected_quantity": "Rejected",
                "rejection_reason": "Reason",
                "despatch_reference": "Note",
            },
            "sites": {"HAL": {"code": "H1", "name": "Halden", "country": "NO", "time_zone": "Europe/Oslo"}},
        }
    )


def written(tmp_path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, ROW, delimiter=";", lineterminator="\n")
    rows.writeheader()
    rows.writerows(ROW | change for change in changes)
    path = tmp_path / "history.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(
    tmp_path: Path, *changes: dict[str, str], by: Mapping | None = None, encoding: str = "utf-8"
) -> History:
    return read_history(written(tmp_path, *changes, encoding=encoding), by or mapping(), today=TODAY)


def refusal(tmp_path: Path, *changes: dict[str, str]) -> tuple[int, str, str]:
    history = read(tmp_path, *changes)
    assert len(history.refusals) == 1
    remark = history.refusals[0]
    return remark.line, remark.column, remark.reason


def test_a_row_becomes_a_supplier_an_order_and_a_receipt(tmp_path: Path) -> None:
    history = read(tmp_path, {})
    assert not history.refusals
    order = history.orders["4500"]
    assert order.header.ordered_on == date(2026, 2, 1)
    assert order.header.site.code == "H1"
    assert order.header.cost_centre == "HAL-fasteners"
    line = order.lines[1]
    assert (line.quantity, line.price, line.description) == (Decimal(1200), Decimal("0.50"), "M8 of Norrvik")
    receipt = history.receipts[LS1]
    assert receipt.lines[1].quantity == 1200
    assert history.suppliers["Norrvik"].categories == {"fasteners"}
    assert history.suppliers["Norrvik"].country == "NO"
    assert read(tmp_path, {"Country": "n/a"}).suppliers["Norrvik"].country is None
    assert history.received_value() == {"EUR": Decimal("600.00")}


def test_a_value_that_contradicts_its_price_is_kept_with_a_warning(tmp_path: Path) -> None:
    wrong = {"Qty": "64", "Price": "60,51", "Value": "1.000,00", "Arrived": "64"}
    history = read(tmp_path, wrong, wrong | {"Received": "22.02.2026", "Arrived": "1"})
    assert history.orders["4500"].lines[1].price == Decimal("15.625")
    (warning, _over_receipt) = history.warnings
    assert (warning.line, warning.column) == (2, "Value")
    assert warning.reason == "1000.00 is not 64 x 60.51; the value is kept, and makes the price 15.625000"


def test_a_value_that_differs_by_the_rounding_of_its_price_is_no_contradiction(tmp_path: Path) -> None:
    for value in ("600,00", "606,00", "605,99", "594,01"):
        assert read(tmp_path, {"Value": value}).warnings == []
    assert len(read(tmp_path, {"Value": "613,00"}).warnings) == 1


def test_the_lines_of_an_order_may_stand_anywhere_in_the_file(tmp_path: Path) -> None:
    history = read(tmp_path, {}, {"PO": "4501"}, {"Line": "20"}, {"PO": "4501", "Line": "20"})
    assert [list(order.lines) for order in history.orders.values()] == [[1, 2], [1, 2]]


def test_rows_of_one_line_are_its_deliveries(tmp_path: Path) -> None:
    parts = {"Arrived": "700"}, {"Arrived": "500", "Received": "25.02.2026", "Note": "LS2"}
    history = read(tmp_path, *parts)
    assert len(list(history.order_lines())) == 1
    assert [receipt.lines[1].quantity for receipt in history.receipts.values()] == [700, 500]


def test_two_rows_about_one_line_on_one_delivery_note_are_one(tmp_path: Path) -> None:
    history = read(tmp_path, {"Arrived": "700", "Rejected": "7"}, {"Arrived": "500", "Rejected": "5"})
    received = history.receipts[LS1].lines[1]
    assert (received.quantity, received.rejected_quantity) == (Decimal(1200), Decimal(12))


def test_an_order_and_its_note_are_two_columns_whatever_they_hold(tmp_path: Path) -> None:
    history = read(tmp_path, {"PO": "4700", "Note": "1"}, {"PO": "4700/1", "Note": "", "Arrived": "1.100"})
    assert not history.refusals
    assert {key.order_reference: receipt.lines[1].quantity for key, receipt in history.receipts.items()} == {
        "4700": 1200,
        "4700/1": 1100,
    }
    assert [place.receipt for place in history.places.values()] == list(history.receipts)


@pytest.mark.parametrize("part", ["order", "supplier", "line", "receipt"])
def test_a_key_that_a_template_runs_together_from_other_cells_is_refused(tmp_path: Path, part: str) -> None:
    field = "despatch_reference" if part == "receipt" else "reference"
    content = mapping().model_dump(exclude_unset=True, by_alias=True)
    content[part][field] = {"template": "{Vendor}{Note}"}
    by = Mapping.model_validate(content)
    history = read(
        tmp_path, {"Vendor": "A", "Note": "B1"}, {"Vendor": "AB", "Note": "1", "Item": "M9"}, by=by
    )
    (remark,) = history.refusals
    assert (remark.line, remark.column) == (3, "Vendor + Note")
    assert remark.reason.startswith(
        "the key 'AB1' is made of 'AB' and '1' here and of 'A' and 'B1' in line 2 of the file"
    )


def test_a_key_that_is_cut_off_to_another_is_refused_and_one_that_is_translated_is_meant(
    tmp_path: Path,
) -> None:
    content = mapping().model_dump(exclude_unset=True)
    content["order"]["reference"] = {"column": "PO", "longest": 4, "values": {"old": "4500"}}
    by = Mapping.model_validate(content)
    history = read(tmp_path, {"PO": "4500"}, {"PO": "old", "Line": "20"}, {"PO": "45001"}, by=by)
    (remark,) = history.refusals
    assert (remark.line, remark.column) == (4, "PO")
    assert "'45001' here and of '4500' in line 2" in remark.reason


def test_a_line_without_a_receipt_is_an_open_line(tmp_path: Path) -> None:
    history = read(tmp_path, {"Received": "open", "Arrived": ""})
    assert list(history.orders["4500"].lines) == [1]
    assert not history.receipts


def test_a_rejection_without_a_reason_is_said_to_be_not_recorded(tmp_path: Path) -> None:
    history = read(tmp_path, {"Rejected": "100"})
    received = history.receipts[LS1].lines[1]
    assert received.rejected_quantity == 100
    assert received.rejection_reason == "not recorded"


def test_words_that_mean_unknown_give_nothing_or_the_default(tmp_path: Path) -> None:
    history = read(tmp_path, {"Ordered": "n/a", "Group": "n/a"})
    assert history.orders["4500"].header.ordered_on is None
    assert history.orders["4500"].header.cost_centre == "none"
    assert history.orders["4500"].lines[1].category == "uncategorised"


def test_a_value_table_translates_the_files_words(tmp_path: Path) -> None:
    assert read(tmp_path, {"Group": "MRO"}).orders["4500"].lines[1].category == "maintenance"


def test_an_unknown_order_date_agrees_with_a_known_one(tmp_path: Path) -> None:
    history = read(tmp_path, {"Ordered": "n/a"}, {"Line": "20"})
    assert not history.refusals
    assert history.orders["4500"].header.ordered_on == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"Qty": "twelve"}, "Qty", "'twelve' is not a number such as 1.234,5"),
        ({"Qty": "1,200.00"}, "Qty", "'1,200.00' is not a number such as 1.234,5"),
        ({"Qty": "0"}, "Qty", "0 ordered: it must be more than zero"),
        ({"Qty": ""}, "Qty", "'' is unknown, and this number is needed"),
        ({"Qty": "1.000.000.000"}, "Qty", "'1.000.000.000' is too large: below 10^9 is possible"),
        ({"Price": "0,1234567"}, "Price", "'0,1234567' has more than 6 decimals"),
        ({"Price": "-1"}, "Price", "-1 is negative"),
        ({"Price": "n/a", "Value": "n/a"}, "Price + Value", "neither a price nor a value is known"),
        ({"Promised": "ASAP"}, "Promised", "'ASAP' is not a date in any of the formats %d.%m.%Y, %Y-%m-%d"),
        ({"Promised": "n/a"}, "Promised", "'n/a' is unknown, and this date is needed"),
        ({"Received": "31.02.2026"}, "Received", "'31.02.2026' is not a date in any of the formats"),
        ({"Received": "02.07.2026"}, "Received", "2026-07-02 lies in the future"),
        ({"Plant": "HAL9"}, "Plant", "'HAL9' is not in the mapping's table [sites]"),
        ({"PO": " "}, "PO", "'' is unknown, and this is needed"),
        ({"Country": "XX"}, "Country", "'XX' is not an ISO 3166-1 alpha-2 code, such as DE"),
        ({"Country": "Norway"}, "Country", "'Norway' is not an ISO 3166-1 alpha-2 code, such as DE"),
        ({"Rejected": "1.201"}, "Rejected", "1201 rejected of 1200 received"),
    ],
)
def test_a_bad_cell_refuses_its_row_with_line_column_and_reason(
    tmp_path: Path, change: dict[str, str], column: str, reason: str
) -> None:
    history = read(tmp_path, {"PO": "before"}, change, {"PO": "after"})
    assert [(r.line, r.column) for r in history.refusals] == [(3, column)]
    assert history.refusals[0].reason.startswith(reason)
    assert set(history.orders) == {"before", "after"}
    assert (history.rows, history.refused_rows) == (3, {3})


def test_what_came_above_what_was_ordered_is_taken_as_it_was_and_said(tmp_path: Path) -> None:
    history = read(tmp_path, {"Arrived": "1.000"}, {"Arrived": "201", "Note": "LS2"})
    assert history.refusals == []
    assert sum(line.quantity for one in history.receipts.values() for line in one.lines.values()) == 1201
    assert [(r.line, r.column, r.reason) for r in history.warnings] == [
        (3, "Arrived", "1201 received in all of 1200 ordered")
    ]


def test_a_delivery_that_is_in_the_file_twice_is_taken_once_unless_the_mapping_says_that_it_may_be_two(
    tmp_path: Path,
) -> None:
    half = {"Arrived": "600"}
    line, column, reason = refusal(tmp_path, half, half)
    assert (line, column) == (3, "Received")
    assert reason == 'the same delivery as in line 2 of the file; receipt.repeated = "add" takes both'
    both = mapping().receipt.model_copy(update={"repeated": "add"})
    history = read(tmp_path, half, half, by=mapping().model_copy(update={"receipt": both}))
    assert history.refusals == []
    assert sum(line.quantity for one in history.receipts.values() for line in one.lines.values()) == 1200


def test_a_bad_line_refuses_that_line_only_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    history = read(tmp_path, {"Line": "10"}, {"Line": "20", "Qty": "?"}, {"Line": "30"})
    assert list(history.orders["4500"].lines) == [1, 3]
    assert history.refused_rows == {3}


def test_a_row_that_contradicts_its_order_is_refused_and_says_with_what(tmp_path: Path) -> None:
    line, column, reason = refusal(tmp_path, {}, {"Line": "20", "Vendor": "Altamira"})
    assert (line, column) == (3, "Vendor")
    assert reason == "order 4500 has Norrvik in line 2 of the file and Altamira here"


def test_a_row_that_contradicts_its_order_line_is_refused(tmp_path: Path) -> None:
    half = {"Arrived": "600"}
    line, column, reason = refusal(tmp_path, half, half | {"Promised": "01.03.2026", "Note": "LS2"})
    assert (line, column) == (3, "Promised")
    assert reason == "order 4500 line 10 has 2026-02-20 in line 2 of the file and 2026-03-01 here"


def test_a_row_of_the_wrong_length_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    good = ";".join(ROW.values())
    path.write_text(f"{';'.join(ROW)}\n{good}\n{good};extra\n", encoding="utf-8")
    history = read_history(path, mapping(), today=TODAY)
    assert history.rows == 2
    assert [(r.line, r.column) for r in history.refusals] == [(3, "row")]


def test_line_numbers_count_lines_of_the_file_not_rows(tmp_path: Path) -> None:
    history = read(tmp_path, {"Item": "M8\nzinc"}, {"PO": "4501", "Qty": "?"})
    assert [r.line for r in history.refusals] == [4]


def test_an_order_after_its_promise_or_its_receipt_is_imported_with_a_warning(tmp_path: Path) -> None:
    history = read(tmp_path, {"Ordered": "22.02.2026"})
    assert list(history.orders) == ["4500"]
    assert [w.reason for w in history.warnings] == [
        "ordered on 2026-02-22, promised for 2026-02-20",
        "ordered on 2026-02-22, received on 2026-02-21",
    ]


def test_another_encoding_is_read_when_the_mapping_says_so(tmp_path: Path) -> None:
    history = read(tmp_path, {"Vendor": "Gießerei"}, by=mapping(encoding="cp1252"), encoding="cp1252")
    assert list(history.suppliers) == ["Gießerei"]


def test_a_byte_of_another_encoding_refuses_its_row_and_says_what_to_do(tmp_path: Path) -> None:
    history = read(tmp_path, {}, {"PO": "2", "Vendor": "Gießerei"}, {"PO": "3"}, encoding="cp1252")
    (remark,) = history.refusals
    assert (remark.line, remark.column) == (3, "Vendor")
    assert remark.reason.startswith("the byte DF is not utf-8-sig: ")
    assert remark.reason.endswith("set file.encoding in the mapping")
    assert (history.rows, list(history.orders)) == (3, ["4500", "3"])


@pytest.mark.parametrize(
    ("vendor", "meant"),
    [
        ("MÃ¼ller", "Müller"),
        ("GieÃŸerei", "Gießerei"),
        ("Å\x81Ã³dÅº", "Łódź"),
        ("æ–‡", "文"),
        ("M├╝ller", "Müller"),
    ],
)
def test_a_text_that_was_read_in_a_wrong_encoding_is_suspected(
    tmp_path: Path, vendor: str, meant: str
) -> None:
    history = read(tmp_path, {"Vendor": vendor})
    assert [(w.line, w.column) for w in history.warnings] == [(2, "Vendor")]
    assert f"looks like {meant!r} in a wrong encoding" in history.warnings[0].reason


@given(
    st.sampled_from(["SÃO PAULO", "Ærø", "Gießerei", "Łódź", "Åre", "Ñandú", "株式会社", "Ünal Çelik", "Â"])
)
def test_a_text_that_is_meant_as_it_stands_is_not_suspected(text: str) -> None:
    assert perhaps_meant(text) is None


def test_a_character_that_was_lost_is_said(tmp_path: Path) -> None:
    (warning,) = read(tmp_path, {"Vendor": "M\ufffdller"}).warnings
    assert (warning.line, warning.column) == (2, "Vendor")
    assert "holds U+FFFD" in warning.reason


def test_invisible_marks_of_order_are_left_out_of_cells_and_said(tmp_path: Path) -> None:
    history = read(tmp_path, {"PO": "\u200e4500\u200f", "Qty": "\ufeff1.200"})
    assert list(history.orders) == ["4500"]
    assert {(w.line, w.column) for w in history.warnings} == {(2, "PO"), (2, "Qty")}


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.touch()
    with pytest.raises(MappingError, match="is empty"):
        read_history(path, mapping(), today=TODAY)


def lines(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> History:
    path = tmp_path / "history.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return read_history(path, mapping(), today=TODAY)


HEADER = ";".join(ROW)


def line_of(**changes: str) -> str:
    return ";".join((ROW | changes).values())


def test_a_file_of_a_header_alone_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="has a header and no rows"):
        lines(tmp_path, HEADER)


def test_a_column_that_is_named_twice_is_refused_where_it_is_read_and_said_where_not(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"Line 1 .* 'Qty' more than once, as columns 9 and 18"):
        lines(tmp_path, f"{HEADER};Qty", f"{line_of()};7")
    history = lines(tmp_path, f"{HEADER};Memo;Memo", f"{line_of()};a;b")
    assert [(w.line, w.column, w.reason) for w in history.warnings] == [
        (1, "Memo", "named as columns 18 and 19; the mapping reads none of them")
    ]
    assert list(history.orders) == ["4500"]


def test_an_invisible_mark_in_a_header_is_read_over_and_said(tmp_path: Path) -> None:
    history = lines(tmp_path, HEADER.replace("PO", "\u200ePO\u200b"), line_of())
    assert [(w.line, w.column) for w in history.warnings] == [(1, "PO")]
    assert list(history.orders) == ["4500"]
    history = lines(tmp_path, HEADER, line_of(), encoding="utf-8-sig")
    assert not history.warnings


@pytest.mark.parametrize(
    ("broken", "later", "reason"),
    [
        ('"M8', "M9", "a quoted field is never closed"),
        ('"M8', 'M9"', "closed in line 5, and rows seem to lie between them"),
        ('"M8', '"M9"', "is not closed before line 5"),
        ("x" * 200_000, "M9", "field larger than field limit (131072)"),
        ("x" * 300_000, "M9", " characters; 262,144 are possible"),
    ],
    ids=["never closed", "closed two rows later", "opened two rows later", "a long cell", "a long row"],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_line_and_no_other_is_lost(
    tmp_path: Path, broken: str, later: str, reason: str
) -> None:
    rows = [
        line_of(PO=str(number), Item=item) for number, item in enumerate(["M8", broken, "M8", later, "M8"])
    ]
    history = lines(tmp_path, HEADER, *rows)
    assert [remark.line for remark in history.refusals] == [3]
    assert reason in history.refusals[0].reason
    assert list(history.orders) == ["0", "2", "3", "4"]
    assert (history.rows, history.refused_rows) == (5, {3})


amounts = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
quantities = st.integers(1, 1_000_000).map(Decimal)


@given(
    quantity=quantities,
    value=amounts,
    price=st.none() | amounts,
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_the_price_chosen_gives_the_lines_value_exactly(
    quantity: Decimal, value: Decimal, price: Decimal | None, currency: str
) -> None:
    chosen, base = price_of(quantity, price, Decimal(1), value, currency)
    assert round_amount(quantity * chosen / base, currency) == round_amount(value, currency)
    assert chosen == round(chosen, 6)


@given(quantity=quantities, price=amounts)
def test_a_price_that_gives_the_value_is_kept(quantity: Decimal, price: Decimal) -> None:
    value = round_amount(quantity * price, "EUR")
    assert price_of(quantity, price, Decimal(1), value, "EUR") == (price, Decimal(1))


@given(quantity=quantities, price=amounts, base=st.sampled_from([Decimal(1), Decimal(100), Decimal(1000)]))
def test_without_a_value_the_price_stands(quantity: Decimal, price: Decimal, base: Decimal) -> None:
    assert price_of(quantity, price, base, None, "EUR") == (price, base)


days = st.dates(date(2024, 1, 1), date(2026, 6, 30))


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3), days, st.integers(-9, 9)), min_size=1, max_size=20
    )
)
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, date, int]]
) -> None:
    changes = [
        {
            "PO": str(order),
            "Line": str(line),
            "Qty": "10",
            "Arrived": "1",
            "Value": "",
            "Promised": promised.strftime("%d.%m.%Y"),
            "Received": (promised + timedelta(days=late)).strftime("%Y-%m-%d"),
        }
        for order, line, promised, late in rows
    ]
    history = read(tmp_path_factory.mktemp("rows"), *changes)
    received = sum(
        int(line.quantity) for receipt in history.receipts.values() for line in receipt.lines.values()
    )
    assert received + len(history.refused_rows) == history.rows == len(rows)


def test_the_sample_history_is_what_its_script_writes() -> None:
    written = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, EXAMPLES / "history" / "generate.py"], check=True, capture_output=True
    ).stdout
    assert written == (EXAMPLES / "history" / "halden-pumps.csv").read_bytes()


def test_the_sample_history_reads_but_for_five_cells_typed_by_hand() -> None:
    by = load_mapping(EXAMPLES / "mappings" / "halden-pumps.toml")
    history = read_history(EXAMPLES / "history" / "halden-pumps.csv", by, today=TODAY)
    assert (history.rows, len(history.refusals), len(history.suppliers)) == (2020, 5, 32)
    assert {remark.column for remark in history.refusals} == {
        "Order Qty",
        "Goods Receipt",
        "Promised",
        "Plant",
    }


def test_a_supplier_that_counts_as_approved_was_registered_by_the_first_day_that_the_file_knows_of_it(
    tmp_path: Path,
) -> None:
    history = read(
        tmp_path,
        {},
        {"PO": "4501", "Ordered": "", "Promised": "15.01.2026", "Received": "21.02.2026"},
        {"Vendor": "Early", "PO": "4502", "Received": "03.01.2026"},
        {"Vendor": "Ordered", "PO": "4503", "Promised": "01.01.2026"},
    )
    since = history.known_since()
    assert since == {
        "Norrvik": date(2026, 1, 15),
        "Early": date(2026, 1, 3),
        "Ordered": date(2026, 2, 1),
    }
    approved = supplier_row(history.suppliers["Norrvik"], since["Norrvik"], "main")
    assert (approved["approved_categories"], approved["registered_on"]) == (["fasteners"], "2026-01-15")
    registered = supplier_row(history.suppliers["Norrvik"], None, "main")
    assert registered["categories"] == ["fasteners"]
    assert not {"approved_categories", "registered_on"} & registered.keys()


@pytest.mark.parametrize(("stated", "system"), [({}, "main"), ({"source_system": "sap"}, "sap")])
def test_everything_of_a_file_is_of_the_system_that_its_mapping_names(
    tmp_path: Path, stated: dict[str, str], system: str
) -> None:
    history = read(tmp_path, {}, by=mapping(**stated))
    (supplier,), (order,) = history.suppliers.values(), history.orders.values()
    (receipt,) = history.receipts.values()
    rows = (
        supplier_row(supplier, None, history.source_system),
        order_document(order, None, history.source_system).head,
        receipt_document(receipt, Fate(lines={1: 1}), history.source_system).head,
    )
    assert {row["source_system"] for row in rows} == {system}

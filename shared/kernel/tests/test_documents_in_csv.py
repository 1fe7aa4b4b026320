"""Documents as flat rows of CSV: read back as written, and refused where rows do not fit together."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from purveyor.http.rows import Document, Row, columns_of, read_rows

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=6)
WORDS = TEXTS.map(str.strip).filter(bool)
TAGS = st.lists(st.text("abc/ ", min_size=1, max_size=4).map(str.strip).filter(bool), max_size=3)
HEADER = "order,buyer,tags,number,quantity,line_note\n"


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    quantity: Decimal
    note: str | None = None


class Order(Document):
    model_config = ConfigDict(extra="forbid")
    known_by: ClassVar[tuple[str, ...]] = ("order",)

    order: str
    buyer: str
    tags: list[str] = Field(default=[])
    note: str | None = None
    lines: list[Line] = Field(min_length=1, max_length=5)


async def rows_of(text: str, longest: int = 10_000) -> list[Row[Order]]:
    async def body() -> AsyncIterator[bytes]:
        yield text.encode()

    return [row async for row in await read_rows(body(), "text/csv", Order, longest)]


def written(orders: list[Order], separator: str, sparse: list[bool]) -> str:
    """Write orders as CSV; what one says as a whole stands in its first row, and where it is not sparse."""
    out = io.StringIO()
    columns = columns_of(Order)
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns.lists)
    for order in orders:
        for nth, row in enumerate(columns.rows(order.model_dump())):
            left_out = nth > 0 and sparse[nth % len(sparse)]
            names = zip(columns.lists, row, strict=True)
            writer.writerow(
                "" if left_out and name not in ("order", *columns.of_line) else cell for name, cell in names
            )
    return out.getvalue()


LINES = st.lists(
    st.builds(
        Line,
        number=st.integers(1, 99),
        quantity=st.decimals(0, 999, places=2, allow_nan=False),
        note=st.none() | WORDS,
    ),
    min_size=1,
    max_size=5,
)
ORDERS = st.lists(
    st.builds(Order, order=WORDS, buyer=WORDS, tags=TAGS, note=st.none() | WORDS, lines=LINES),
    max_size=5,
    unique_by=lambda order: order.order,
)


@given(ORDERS, st.sampled_from(",;\t"), st.lists(st.booleans(), min_size=1, max_size=3))
async def test_orders_that_are_written_as_flat_rows_are_read_back(
    orders: list[Order], separator: str, sparse: list[bool]
) -> None:
    assert [row.content for row in await rows_of(written(orders, separator, sparse))] == orders


@pytest.mark.parametrize(
    "cell", ['["a";"b"]', "[a;b]", "{a;b}", '{"a","b"}', " [] ", '"a";b', "'a'", "a;“b”", "„a“", "«a»;b"]
)
async def test_a_list_with_brackets_or_quotes_around_it_is_refused_in_a_sentence(cell: str) -> None:
    quoted = cell.replace('"', '""')
    [row, other] = await rows_of(f'{HEADER}A,bea,"{quoted}",1,5,\nB,bea,a;b,1,5,\n')
    assert isinstance(row.content, list)
    [error] = row.content
    assert error.pointer == "/tags"
    assert "around a list or its items: write them bare, separated by semicolons: a;b" in error.detail
    assert row.line == 2
    assert other.line == 3


@pytest.mark.parametrize("cell", ["a[1];b", "[1] a;b", '"Nord" AG: 3";b', "3'", "'", "a's;'t b"])
async def test_brackets_and_quotes_within_the_items_of_a_list_are_theirs(cell: str) -> None:
    quoted = cell.replace('"', '""')
    [row] = await rows_of(f'{HEADER}A,bea,"{quoted}",1,5,\n')
    assert isinstance(row.content, Order)
    assert row.content.tags == cell.split(";")


async def errors_of(text: str) -> list[list[tuple[str, int | None]]]:
    return [
        [(error.pointer, error.line) for error in row.content] if isinstance(row.content, list) else []
        for row in await rows_of(text)
    ]


async def test_an_order_whose_rows_are_not_together_is_refused_as_a_whole() -> None:
    rows = await rows_of(f"{HEADER}A,bea,,1,5,\nB,bea,,1,5,\nA,bea,,2,5,\n")
    assert [row.line for row in rows] == [2, 3, 4]
    first, between, second = (row.content for row in rows)
    assert isinstance(between, Order)
    for errors in (first, second):
        assert isinstance(errors, list)
        assert errors[0].pointer == "/order"
        assert errors[0].detail.startswith("A: its rows are not together: they begin in line 2")


async def test_what_two_rows_of_an_order_say_otherwise_is_named_with_line_and_column() -> None:
    [[error]] = [row.content for row in await rows_of(f"{HEADER}A,bea,,1,5,\nA,bob,,2,5,\nA,,,3,5,\n")]
    assert (error.pointer, error.line) == ("/buyer", 3)
    assert error.detail.startswith("bob here and bea in line 2")


async def test_what_is_wrong_with_a_line_is_named_with_its_own_line_of_the_file() -> None:
    assert await errors_of(f'{HEADER}A,bea,,1,5,\nA,,,2,"1,5",\nA,,,x,5,\n') == [
        [("/lines/1/quantity", 3), ("/lines/2/number", 4)]
    ]
    assert await errors_of(f"{HEADER}A,,,1,5,\nB,bea,,1,5,\n") == [[("/buyer", None)], []]


async def test_a_row_that_cannot_be_read_costs_the_orders_that_it_may_be_of() -> None:
    text = f"{HEADER}Z,bea,,1,5,\nA,bea,,1,5,\nA,bea\nB,bea,,1,5,\nC,bea,,1,5,\n"
    assert await errors_of(text) == [[], [("", 4)], [("", None)], [("", 4)], []]
    without_key = f"{HEADER}A,bea,,1,5,\n,bea,,2,5,\nB,bea,,1,5,\n"
    assert await errors_of(without_key) == [[("", 3)], [("/order", None)], [("", 3)]]
    within = f"{HEADER}A,bea,,1,5,\nA,bea\nA,bea,,2,5,\n"
    assert await errors_of(within) == [
        [("/order", None), ("", 3)],
        [("", None)],
        [("/order", None), ("", 3)],
    ]


async def test_an_order_that_is_too_long_is_refused_and_the_next_one_read() -> None:
    long = "".join(f"A,bea,,{number},5,\n" for number in range(1_000))
    refused, fine = await rows_of(f"{HEADER}{long}B,bea,,1,5,\n", longest=2_000)
    assert isinstance(refused.content, list)
    assert refused.content[0].detail.startswith("Longer than a row may be")
    assert isinstance(fine.content, Order)


async def test_documents_of_a_long_file_are_put_together_in_bounded_memory() -> None:
    many = 20_000

    async def body() -> AsyncIterator[bytes]:
        yield HEADER.encode()
        for number in range(many):
            yield f"{number},bea,,1,5,\n".encode()

    seen: list[Any] = [0]
    tracemalloc.start()
    async for row in await read_rows(body(), "text/csv", Order, 10_000):
        seen[0] += isinstance(row.content, Order)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == [many]
    assert peak < 3_000_000

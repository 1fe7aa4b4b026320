"""Keyset pages: every row once, in order, and no cursor can make the service stumble."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, select, table
from sqlalchemy.dialects import postgresql
from toy_service.api import show
from toy_service.model import Crate

from purveyor.db import Database
from purveyor.errors import InvalidError
from purveyor.pages import PageRequest, Sort, encode_cursor

ORDER = "-apples,id"
SORT = Sort(ORDER, Crate.apples, Crate.id, descending=True)

storable_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
keys = st.tuples(
    storable_text,
    st.integers(-(2**63), 2**63 - 1),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)
KINDS = (str, int, Decimal, date, datetime, UUID)


@given(keys)
def test_a_cursor_brings_back_exactly_the_values_it_was_made_of(values):
    page = PageRequest(50, encode_cursor(ORDER, values))
    assert page.after(ORDER, *KINDS) == values


@given(st.text(max_size=60))
def test_a_cursor_that_we_did_not_hand_out_is_refused(nonsense):
    with pytest.raises(InvalidError, match="start from the first page"):
        PageRequest(50, nonsense).after(ORDER, int, UUID)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(json_values, st.sampled_from(KINDS))
def test_a_forged_cursor_is_refused_or_yields_a_value_of_the_right_kind(forged, kind):
    cursor = urlsafe_b64encode(json.dumps([crc32(ORDER.encode()), forged]).encode()).decode()
    try:
        [value] = PageRequest(50, cursor).after(ORDER, kind)
    except InvalidError:
        return
    assert isinstance(value, kind)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "a\0"),
        (str, "a\n\0"),
        (str, "\ud800"),
        (int, str(2**63)),
        (int, str(-(2**63) - 1)),
        (Decimal, "NaN"),
        (Decimal, "sNaN"),
        (Decimal, "-Infinity"),
        (Decimal, "1E+101"),
        (Decimal, "0E+999999"),
        (Decimal, "1E-101"),
        (datetime, "2026-03-02T09:30:00"),
    ],
)
def test_a_value_that_a_database_cannot_hold_is_refused(kind, value):
    cursor = urlsafe_b64encode(json.dumps([crc32(ORDER.encode()), value]).encode()).decode()
    with pytest.raises(InvalidError):
        PageRequest(50, cursor).after(ORDER, kind)


def test_a_cursor_of_another_sort_is_refused():
    cursor = encode_cursor("apples,id", (3, uuid4()))
    with pytest.raises(InvalidError):
        PageRequest(50, cursor).after("-apples,id", int, UUID)


@pytest.mark.parametrize("value", [None, True, 1.5, b"x"])
def test_a_value_that_would_lose_rows_is_never_put_into_a_cursor(value):
    with pytest.raises(TypeError):
        encode_cursor(ORDER, (value,))


def test_a_page_is_one_row_value_comparison_that_an_index_answers():
    apples = table("crate", column("apples", Crate.apples.type), column("id", Crate.id.type))
    sort = Sort("apples", apples.c.apples, apples.c.id)
    page = PageRequest(2, encode_cursor("apples", (7, UUID(int=1))))
    statement = sort.select(select(apples.c.id), page)
    assert "WHERE (crate.apples, crate.id) > (%(param_1)s" in str(
        statement.compile(dialect=postgresql.dialect())
    )


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
async def test_walking_the_pages_meets_every_row_once_in_order(toy_database, limit):
    database = Database(toy_database, application_name="test")
    async with database.transaction() as tx:
        await tx.connection.execute("DELETE FROM crate")
        for number in range(23):
            tx.session.add(Crate(label=f"crate {number}", apples=number // 4))
    met, cursor = [], None
    async with database.transaction() as tx:
        while True:
            page = PageRequest(limit, cursor)
            rows = (await tx.session.scalars(SORT.select(select(Crate), page))).all()
            answer = page.of(rows, ORDER, lambda crate: (crate.apples, crate.id), show)
            met += [(crate.apples, crate.id) for crate in answer.items]
            cursor = answer.next_cursor
            if cursor is None:
                break
    assert len(met) == 23
    assert met == sorted(met, reverse=True)
    await database.close()

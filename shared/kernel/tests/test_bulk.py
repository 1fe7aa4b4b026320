"""Bulk requests: good rows are kept, bad ones leave nothing and say why, memory stays bounded."""

import asyncio
import csv
import json
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from purveyor.http.rows import read_rows, reading
from purveyor.records import Records

NDJSON = {"Content-Type": "application/x-ndjson"}
CSV = {"Content-Type": "text/csv; charset=utf-8"}


def ndjson(*rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def results(response):
    return [json.loads(line) for line in response.text.splitlines()]


async def count(toy, table):
    async with toy.database.connection() as connection:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608


async def test_a_refused_row_leaves_nothing_and_the_others_are_kept(toy, client):
    body = ndjson(
        {"label": "a", "apples": 1},
        {"label": "b", "apples": -1},
        {"label": "c", "apples": 5000},
        {"label": "burst", "apples": 4},
        {"label": "d", "apples": 5},
    )
    response = await client.post("/v1/crates:import", content=body, headers=NDJSON)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson"
    first, second, third, fourth, fifth = results(response)
    assert (first["line"], first["status"], first["errors"]) == (1, "created", [])
    assert first["id"]
    assert (second["status"], second["code"]) == ("refused", "row_not_valid")
    assert second["errors"] == [
        {"pointer": "/apples", "detail": "Input should be greater than or equal to 0", "line": None}
    ]
    assert (third["code"], third["errors"]) == (
        "too_many",
        [{"pointer": "/apples", "detail": "At most 1000", "line": None}],
    )
    assert fourth["errors"] == [
        {"pointer": "", "detail": "The crate burst after it was filled.", "line": None}
    ]
    assert fifth["status"] == "created"
    assert await count(toy, "crate") == await count(toy, "outbox") == await count(toy, "audit_record") == 2


async def test_the_same_rows_again_change_nothing(toy, client):
    body = ndjson(*({"label": str(number), "apples": number} for number in range(450)))
    first = await client.post("/v1/crates:import", content=body, headers=NDJSON)
    again = await client.post("/v1/crates:import", content=body, headers=NDJSON)
    assert {result["status"] for result in results(first)} == {"created"}
    assert {result["status"] for result in results(again)} == {"unchanged"}
    assert [result["id"] for result in results(first)] == [result["id"] for result in results(again)]
    assert await count(toy, "outbox") == 450


async def test_an_atomic_request_is_refused_as_a_whole_for_one_bad_row(toy, client):
    body = ndjson({"label": "a", "apples": 1}, {"label": "b", "apples": 5000}, {"label": "c", "apples": 1})
    response = await client.post("/v1/crates:import?atomic=true", content=body, headers=NDJSON)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["rows"], problem["refused"]) == ("rows_refused", 3, 1)
    assert problem["errors"] == [{"line": 2, "pointer": "/apples", "detail": "At most 1000"}]
    assert await count(toy, "crate") == await count(toy, "audit_record") == 0


async def test_an_atomic_request_without_a_bad_row_is_kept_as_a_whole(toy, client):
    body = ndjson(*({"label": str(number), "apples": number} for number in range(450)))
    response = await client.post("/v1/crates:import?atomic=true", content=body, headers=NDJSON)
    assert response.status_code == 200
    assert len(results(response)) == await count(toy, "crate") == await count(toy, "outbox") == 450


async def test_a_mistake_of_ours_refuses_its_row_and_tells_nothing_of_the_inside(toy, client):
    body = ndjson({"label": "bug", "apples": 1}, {"label": "b", "apples": 1})
    bug, fine = results(await client.post("/v1/crates:import", content=body, headers=NDJSON))
    assert (bug["code"], fine["status"]) == ("internal_error", "created")
    assert "secret" not in json.dumps(bug)


async def test_what_the_database_refuses_is_one_rows_refusal(toy, client):
    body = ndjson(
        {"label": "a", "apples": 1},
        {"label": "a", "apples": 2},
        {"label": "nul \0", "apples": 2},
        {"label": "big", "apples": 2**40},
    )
    codes = [r["code"] for r in results(await client.post("/v1/crates:import", content=body, headers=NDJSON))]
    assert codes == [None, "already_exists", "value_not_storable", "too_many"]


async def test_csv_rows_are_read_by_their_header(toy, client):
    body = '\ufefflabel,apples,weight\r\n"Crate, ""big""\nand red",12,1.5\r\nsmall,,\r\nlast,3\r\nok,3,\r\n'
    response = await client.post("/v1/crates:import", content=body.encode(), headers=CSV)
    created, missing, short, ok = results(response)
    assert (created["line"], created["status"]) == (2, "created")
    assert missing["line"] == 4
    assert missing["errors"] == [{"pointer": "/apples", "detail": "Field required", "line": None}]
    assert short["errors"][0]["detail"] == "Has 2 fields where the header names 3 columns"
    assert (ok["line"], ok["status"]) == (6, "created")
    found = (await client.get("/v1/crates", params={"label": 'Crate, "big"\nand red'})).json()["items"]
    assert [crate["apples"] for crate in found] == [12]


@pytest.mark.parametrize("header", ["label,appels", "label,apples,label", ""])
async def test_a_wrong_csv_header_refuses_the_request(client, header):
    response = await client.post("/v1/crates:import", content=f"{header}\na,1\n".encode(), headers=CSV)
    assert (response.status_code, response.json()["code"]) == (422, "csv_header_wrong")


@pytest.mark.parametrize("atomic", ["false", "true"])
async def test_a_csv_file_without_a_line_is_refused(client, atomic):
    response = await client.post("/v1/crates:import", params={"atomic": atomic}, content=b"", headers=CSV)
    assert (response.status_code, response.json()["code"]) == (422, "csv_header_wrong")
    assert response.json()["detail"] == "The first line must name the columns. The file is empty."


async def test_of_many_unknown_columns_a_hundred_are_named_and_the_rest_counted(client):
    header = ",".join(f"column {number}" for number in range(1_250))
    response = await client.post("/v1/crates:import", content=f"{header}\n".encode(), headers=CSV)
    *named, rest = response.json()["errors"]
    assert (len(named), named[-1]["pointer"]) == (100, "/column 99")
    assert rest == {"line": 1, "pointer": "", "detail": "And 1,150 more unknown columns"}


async def test_of_many_unknown_fields_of_a_row_a_hundred_are_named_and_the_rest_counted():
    class Strict(BaseModel, extra="forbid"):
        label: str
        apples: int

    async def body():
        yield json.dumps({str(number): number for number in range(1_250)}).encode()

    [row] = [row async for row in await read_rows(body(), "application/x-ndjson", Strict, 100_000)]
    pointers = [error.pointer for error in row.content]
    assert pointers == ["/label", "/apples", *(f"/{number}" for number in range(100)), ""]
    assert row.content[-1].detail == "And 1,150 more errors of this kind: extra_forbidden"


async def test_other_media_types_are_refused(client):
    response = await client.post("/v1/crates:import", json={})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_line_that_is_too_long_is_refused_and_the_rest_goes_on(toy, client):
    longest = toy.settings.max_bulk_line_bytes
    body = ndjson({"label": "a" * longest, "apples": 1}, {"label": "b", "apples": 1})
    long, fine = results(await client.post("/v1/crates:import", content=body, headers=NDJSON))
    assert long["errors"][0]["detail"].startswith("Longer than a row may be")
    assert fine["status"] == "created"


async def test_a_quote_that_is_never_closed_is_refused_where_it_is_opened_and_the_rest_goes_on(toy, client):
    lines = ["label,apples", '"open,1', *(f"crate {number},1" for number in range(300))]
    response = await client.post("/v1/crates:import", content="\n".join(lines).encode(), headers=CSV)
    refused, *others = results(response)
    assert (response.status_code, refused["line"], refused["code"]) == (200, 2, "row_not_valid")
    assert "quoted field is never closed" in refused["errors"][0]["detail"]
    assert [(other["line"], other["status"]) for other in others] == [
        (number, "created") for number in range(3, 303)
    ]


async def test_a_quote_that_a_later_row_closes_costs_its_own_line(toy, client):
    lines = ["label,apples", '"open,1', "a,1", 'b",2', "c,1"]
    response = await client.post("/v1/crates:import", content="\n".join(lines).encode(), headers=CSV)
    assert [(r["line"], r["status"]) for r in results(response)] == [
        (2, "refused"),
        *((number, "created") for number in (3, 4, 5)),
    ]


async def test_of_a_hundred_thousand_refusals_of_an_atomic_request_a_hundred_are_named(toy, client):
    body = ndjson({"label": "a", "apples": -1}) * 1_500
    problem = (await client.post("/v1/crates:import?atomic=true", content=body, headers=NDJSON)).json()
    assert (len(problem["errors"]), problem["rows"], problem["refused"]) == (100, 1_500, 1_500)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_whatever_separates_fields_is_recognised_by_the_columns_that_are_known(client, separator):
    lines = ["label,apples,weight".replace(",", separator), f'"a{separator}b"{separator}3{separator}1.5']
    response = await client.post("/v1/crates:import", content="\n".join(lines).encode(), headers=CSV)
    assert [r["status"] for r in results(response)] == ["created"], response.text
    found = (await client.get("/v1/crates", params={"label": f"a{separator}b"})).json()["items"]
    assert [crate["apples"] for crate in found] == [3]


@pytest.mark.parametrize(
    ("column", "number"), [("weight", "1,5"), ("weight", "1.234,50"), ("apples", "1,000")]
)
async def test_a_comma_in_a_number_is_refused_with_what_would_be_right(client, column, number):
    cells = {"label": "a", "apples": "1", "weight": "1"} | {column: number}
    lines = f"{';'.join(cells)}\n{';'.join(cells.values())}\n"
    response = await client.post("/v1/crates:import", content=lines.encode(), headers=CSV)
    [error] = results(response)[0]["errors"]
    assert error["pointer"] == f"/{column}"
    assert error["detail"].startswith("Holds a comma: write a point before decimals")


@pytest.mark.parametrize("kind", ["text/csv", "application/x-ndjson"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
async def test_a_mark_of_order_of_another_encoding_is_refused_in_a_sentence(client, kind, encoding):
    body = "\ufefflabel,apples\na,1\n".encode(encoding)
    response = await client.post("/v1/crates:import", content=body, headers={"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert "save it as UTF-8" in response.json()["detail"]


async def test_a_mark_of_order_before_json_is_read_over(client):
    body = "\ufeff".encode() + ndjson({"label": "a", "apples": 1})
    assert [
        r["status"] for r in results(await client.post("/v1/crates:import", content=body, headers=NDJSON))
    ] == ["created"]


@pytest.mark.parametrize(
    "kind", ["text/csv; charset=iso-8859-1", "text/csv; header=absent", "application/x-ndjson;charset=utf-16"]
)
async def test_what_a_media_type_says_of_itself_is_heeded(client, kind):
    body = b"label,apples\na,1\n"
    response = await client.post("/v1/crates:import", content=body, headers={"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


async def test_invisible_marks_in_a_header_are_read_over(toy, client):
    body = "\ufeff\u200elabel\u200b, apples\na,1\n"
    response = await client.post("/v1/crates:import", content=body.encode(), headers=CSV)
    assert [r["status"] for r in results(response)] == ["created"]


async def test_others_have_their_turns_while_a_body_that_has_arrived_is_read():
    turns = 0

    async def others():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def parts():
        for _ in range(50):
            yield b'{"text": "a"}\n' * 100

    task = asyncio.create_task(others())
    async for _ in await read_rows(parts(), "application/x-ndjson", Text, 1000):
        pass
    task.cancel()
    assert turns >= 50


def test_a_stream_is_read_in_bounded_memory():
    """On an event loop of its own: what else runs on the tests' loop would be counted too."""
    row = ndjson({"label": "a", "apples": 1})
    times = 60_000

    async def endless():
        for _ in range(times // 100):
            yield row * 100

    class Row(BaseModel):
        label: str

    async def read():
        rows = await read_rows(endless(), "application/x-ndjson", Row, 1000)
        seen = 0
        async for item in rows:
            seen += isinstance(item.content, Row)
        return seen

    tracemalloc.start()
    seen = asyncio.run(read())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == times
    assert peak < 200_000


class Text(BaseModel):
    text: str


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), max_size=8),
    st.integers(1, 9),
)
async def test_csv_as_we_write_it_is_read_back_however_it_is_cut(texts, size):
    body = b"text\n" + b"".join(b'"' + t.replace('"', '""').encode() + b'"\n' for t in texts)

    async def parts():
        for start in range(0, len(body), size):
            yield body[start : start + size]

    rows = [row.content.text async for row in await read_rows(parts(), "text/csv", Text, 10_000)]
    assert rows == texts


@given(st.text('",a\n\r ', max_size=40))
@example('5" pipe,"5"" pipe"\n"a\n""",\n')
async def test_records_are_what_the_csv_module_finds_in_the_whole_file(text):
    lines = text.removesuffix("\n").split("\n")
    try:
        expected = [fields for fields in csv.reader((f"{line}\n" for line in lines), strict=True) if fields]
    except csv.Error:
        return

    async def numbered():
        for number, line in enumerate(lines, 1):
            yield number, line.encode()

    records = Records(longest=1000)
    assert [fields async for _, _, fields in reading._records(numbered(), records)] == expected

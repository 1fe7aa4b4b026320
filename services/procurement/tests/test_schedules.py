"""Schedule lines: what a line orders may be needed in parts, each by its own day."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from .amending import amended, draft, kept, read, stated
from .conftest import World, arrived, line, order_body

EARLY = {"quantity": "4", "need_by": "2026-03-13"}
LATE = {"quantity": "6", "need_by": "2026-03-27"}
NUMBERED = [EARLY | {"schedule_number": 1}, LATE | {"schedule_number": 2}]


def scheduled(*schedules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a line of 10 pieces in parts."""
    return line(schedules=list(schedules or (EARLY, LATE)), **changes) | {"promised_on": None}


async def test_a_line_is_ordered_in_parts_that_are_shown_told_and_versioned(world: World) -> None:
    created = await world.order(await world.supplier(), scheduled(), line())
    assert [one["schedules"] for one in created["lines"]] == [NUMBERED, []]
    assert [one["promised_on"] for one in created["lines"]] == ["2026-03-27", "2026-03-20"]
    await world.brought_to(created, "issued")
    order = await read(world, created)
    assert [one["schedules"] for one in order["lines"]] == [NUMBERED, []]
    [(_, _, issued)] = await world.events_of(order)
    assert [one["schedules"] for one in issued["lines"]] == [
        [
            {"schedule_number": 1, "quantity": "4", "need_by": "2026-03-13"},
            {"schedule_number": 2, "quantity": "6", "need_by": "2026-03-27"},
        ],
        [],
    ]
    version = (await world.bea.get(f"/v1/purchase-orders/{order['id']}/versions/1")).json()
    assert [one["schedules"] for one in version["lines"]] == [NUMBERED, []]


async def test_a_document_says_by_which_day_how_much(world: World) -> None:
    order = await world.issued(scheduled())
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    found = await world.bea.get(path, params={"language": "en"})
    assert found.status_code == 200
    pages = PdfReader(io.BytesIO(found.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "4 pcs: 13 Mar 2026 6 pcs: 27 Mar 2026" in text


async def test_an_order_without_schedules_is_what_it_was(world: World) -> None:
    order = await read(world, await world.issued())
    assert (order["lines"][0]["schedules"], order["lines"][0]["promised_on"]) == ([], "2026-03-20")


async def test_an_amendment_moves_adds_and_drops_parts_and_says_so_in_words(world: World) -> None:
    order = await read(world, await world.issued(scheduled(), line()))
    now = await amended(
        world,
        order,
        kept(
            order,
            1,
            quantity="12",
            promised_on=None,
            schedules=[
                NUMBERED[0] | {"need_by": "2026-03-16"},
                {"schedule_number": 3, "quantity": "8", "need_by": "2026-04-02"},
            ],
        ),
        kept(order, 2, promised_on=None, schedules=[EARLY, LATE]),
    )
    assert [len(one["schedules"]) for one in now["lines"]] == [2, 2]
    assert now["lines"][0]["schedules"][0]["need_by"] == "2026-03-16"
    path = f"/v1/purchase-orders/{order['id']}/versions"
    differences = (await world.bea.get(f"{path}/2/differences")).json()
    assert differences["words"] == [
        "Line 1: quantity 10 → 12, promised on 2026-03-27 → 2026-04-02,"
        " schedule 1 need by 2026-03-13 → 2026-03-16,"
        " schedule 2 dropped, 6 by 2026-03-27, schedule 3 added, 8 by 2026-04-02",
        "Line 2: promised on 2026-03-20 → 2026-03-27,"
        " schedule 1 added, 4 by 2026-03-13, schedule 2 added, 6 by 2026-03-27",
    ]
    first = (await world.bea.get(f"{path}/1")).json()
    assert first["lines"][0]["schedules"] == NUMBERED
    gone = await amended(world, now, line(line_number=1, quantity="12"), kept(now, 2))
    assert [len(one["schedules"]) for one in gone["lines"]] == [0, 0]


async def test_a_draft_is_stated_again_with_other_parts(world: World) -> None:
    created = await world.order(supplier := await world.supplier(), scheduled(), line())
    body = order_body(supplier, scheduled(LATE, EARLY), scheduled())
    changed = await world.robin.put(
        f"/v1/purchase-orders/{created['id']}", json=body, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["lines"][0]["schedules"] == [
        LATE | {"schedule_number": 1},
        EARLY | {"schedule_number": 2},
    ]
    again = await world.robin.put(
        f"/v1/purchase-orders/{created['id']}",
        json=order_body(supplier, line()),
        headers={"If-Match": '"2"'},
    )
    assert [one["schedules"] for one in again.json()["lines"]] == [[]]
    left = await world.value(
        "SELECT count(*) FROM purchase_order_schedule AS s JOIN purchase_order AS o ON o.id = s.order_id"
        " WHERE o.id::text = $1",
        created["id"],
    )
    assert left == 0


@pytest.mark.parametrize(
    ("stated_line", "pointer", "detail"),
    [
        (scheduled(EARLY), "/lines/0/schedules", "add up to 4, and the line orders 10"),
        (
            scheduled(EARLY | {"schedule_number": 1}, LATE | {"schedule_number": 1}),
            "/lines/0/schedules/0/schedule_number",
            "schedule number 1 is used twice",
        ),
        (
            scheduled() | {"promised_on": "2026-03-20"},
            "/lines/0/promised_on",
            "the last schedule is needed by 2026-03-27: say that, or leave it out",
        ),
        (
            scheduled(EARLY | {"need_by": "2026-03-01"}, LATE),
            "/lines/0/schedules/0/need_by",
            "lies before the order's date, 2026-03-02",
        ),
        (
            line(promised_on=None),
            "/lines/0/promised_on",
            "is needed, unless schedules say by when how much is",
        ),
    ],
)
async def test_parts_that_cannot_be_are_refused_by_name(
    world: World, stated_line: dict[str, Any], pointer: str, detail: str
) -> None:
    body = order_body(await world.supplier(), stated_line)
    refused = await world.robin.post("/v1/purchase-orders", json=body)
    assert refused.status_code == 422, refused.text
    errors = {one["pointer"]: one["detail"] for one in refused.json()["errors"]}
    assert errors[pointer] == detail


@pytest.mark.parametrize(
    "part",
    [
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "1e30"},
        {"quantity": "4.0000001"},
        {"need_by": "1900-01-01"},
        {"need_by": "9999-12-31"},
    ],
)
async def test_bad_parts_are_refused_where_they_are(world: World, part: dict[str, str]) -> None:
    body = order_body(await world.supplier(), scheduled(EARLY | part, LATE))
    refused = await world.robin.post("/v1/purchase-orders", json=body)
    [field] = part
    assert refused.status_code == 422
    assert f"/lines/0/schedules/0/{field}" in {one["pointer"] for one in refused.json()["errors"]}


async def test_an_amendment_whose_parts_do_not_add_up_is_refused(world: World) -> None:
    order = await read(world, await world.issued(scheduled()))
    await world.receive(order, arrived(1, "5"))
    order = await read(world, order)
    body = stated(order, kept(order, 1, quantity="11", schedules=NUMBERED))
    refused = await draft(world, order, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "amendment_invalid")
    assert refused.json()["errors"] == [
        {"pointer": "/lines/0/schedules", "detail": "add up to 10, and the line orders 11"}
    ]

"""Items: stated one by one or by the thousand, found by what people remember of them, named by orders."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import World, line, order_body

BOX = {"unit": "XBX", "quantity": "1", "base_quantity": "12", "gtin": None}
NOTHING: dict[str, Any] = {
    "conversions": [],
    "gtin": None,
    "makers": [],
    "order_multiple": None,
    "minimum_quantity": None,
    "lead_time_days": None,
    "over_receipt_tolerance": None,
    "under_receipt_tolerance": None,
    "inspection_needed": False,
    "tracked_by": "none",
    "least_remaining_life_days": None,
    "hs_code": None,
    "tax_category": None,
    "retired_from": None,
}


def bolt(**changes: Any) -> dict[str, Any]:
    return {"description": "Hexagon bolt", "category": "fasteners", "base_unit": "C62"} | changes


async def put(world: World, code: str, body: dict[str, Any], seen: int | None = None) -> httpx.Response:
    headers = {"If-Match": f'"{seen}"'} if seen else {}
    return await world.bea.put(f"/v1/items/{code}", json=body, headers=headers)


async def told(world: World, code: str) -> list[tuple[int, str, dict[str, Any]]]:
    key = await world.value("SELECT id::text FROM item WHERE code = $1", code)
    return await world.events_of({"id": key})


async def test_an_item_is_created_read_and_changed_by_who_saw_it(world: World) -> None:
    created = await put(world, "A-1", bolt())
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    assert created.json() == {"code": "A-1"} | bolt() | NOTHING
    again = await put(world, "A-1", bolt(order_multiple=None))
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    changed = bolt(conversions=[BOX], order_multiple="12.0", hs_code="7318.15 88", tax_category="S")
    assert (await put(world, "A-1", changed)).status_code == 428
    assert (await put(world, "A-1", changed, seen=9)).status_code == 412
    answer = await put(world, "A-1", changed, seen=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    read = await world.rita.get("/v1/items/A-1")
    assert (read.json(), read.headers["ETag"][:2]) == (answer.json(), '"2')
    assert (read.json()["hs_code"], read.json()["conversions"]) == ("73181588", [BOX])
    same = changed | {"order_multiple": "12", "conversions": [BOX | {"quantity": "1.00"}]}
    assert (await put(world, "A-1", same)).headers["ETag"] == '"2"'
    assert (await put(world, "NEW", bolt(), seen=1)).status_code == 412
    assert (await world.rita.get("/v1/items/NEW")).status_code == 404
    assert (await world.rita.put("/v1/items/NEW", json=bolt())).status_code == 403


async def test_what_is_new_of_an_item_is_told_in_its_stream_and_noted(world: World) -> None:
    await put(world, "T-1", bolt(makers=[{"maker": "Nord AG", "part_number": "17"}]))
    await put(world, "T-1", bolt(lead_time_days=14), seen=1)
    await put(world, "T-1", bolt(lead_time_days=14, retired_from="2026-06-01"), seen=2)
    await put(world, "T-1", bolt(lead_time_days=14, retired_from="2026-06-01"))
    await put(world, "T-1", bolt(lead_time_days=14), seen=3)
    events = await told(world, "T-1")
    assert [(number, name) for number, name, _ in events] == [
        (1, "ItemDefined"),
        (2, "ItemDefined"),
        (3, "ItemRetired"),
        (4, "ItemDefined"),
    ]
    first, second, third, last = (content for _, _, content in events)
    assert (first["makers"], first["defined_by"]) == ([{"maker": "Nord AG", "part_number": "17"}], "bea")
    assert (second["makers"], second["lead_time_days"], third["retired_from"]) == ([], 14, "2026-06-01")
    assert (last["retired_from"], third["retired_by"], third["code"]) == (None, "bea", "T-1")
    actions = await world.value(
        "SELECT array_agg(action ORDER BY at, id) FROM audit_record WHERE entity_id = 'T-1'"
    )
    assert actions == ["create", "change", "change", "change"]
    await put(world, "T-2", bolt(retired_from="2026-01-01"))
    assert [name for _, name, _ in await told(world, "T-2")] == ["ItemDefined", "ItemRetired"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"base_unit": "PIECES"}, "/base_unit"),
        ({"conversions": [BOX | {"base_quantity": "0"}]}, "/conversions/0/base_quantity"),
        ({"conversions": [BOX | {"base_quantity": "-12"}]}, "/conversions/0/base_quantity"),
        ({"conversions": [BOX | {"base_quantity": "1e30"}]}, "/conversions/0/base_quantity"),
        ({"conversions": [BOX | {"base_quantity": "0.0000001"}]}, "/conversions/0/base_quantity"),
        ({"conversions": [BOX, BOX]}, "/conversions/1/unit"),
        ({"gtin": "4006381333932"}, "/gtin"),
        ({"gtin": "123"}, "/gtin"),
        ({"hs_code": "73"}, "/hs_code"),
        ({"hs_code": "7318.15.8"}, "/hs_code"),
        ({"tax_category": "X"}, "/tax_category"),
        ({"order_multiple": "0"}, "/order_multiple"),
        ({"minimum_quantity": "-1"}, "/minimum_quantity"),
        ({"lead_time_days": -1}, "/lead_time_days"),
        ({"over_receipt_tolerance": "101"}, "/over_receipt_tolerance"),
        ({"under_receipt_tolerance": "-1"}, "/under_receipt_tolerance"),
        ({"retired_from": "1900-01-01"}, "/retired_from"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_what_an_item_cannot_be_is_refused_where_it_stands(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = await put(world, "BAD", bolt(**changes))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_gtin_is_on_one_unit_of_one_item(world: World) -> None:
    boxed = bolt(gtin="4006381333931", conversions=[BOX | {"gtin": "14006381333938"}])
    assert (await put(world, "G-1", boxed)).json()["gtin"] == "04006381333931"
    for number in ("4006381333931", "04006381333931", "14006381333938"):
        found = await world.rita.get("/v1/items", params={"gtin": number})
        assert [item["code"] for item in found.json()["items"]] == ["G-1"]
        taken = await put(world, "G-2", bolt(gtin=number))
        assert (taken.status_code, taken.json()["code"]) == (409, "gtin_taken")
    without_boxes = bolt(gtin="14006381333938")
    put_by_ada = await world.ada.put("/v1/items/G-1", json=without_boxes, headers={"If-Match": '"1"'})
    assert put_by_ada.status_code == 200
    assert (await put(world, "G-2", bolt(gtin="4006381333931"))).status_code == 201
    assert (await world.rita.get("/v1/items", params={"gtin": "400638133393"})).status_code == 422


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"over_receipt_tolerance": "100"}, "/over_receipt_tolerance"),
        ({"under_receipt_tolerance": "99"}, "/under_receipt_tolerance"),
        ({"conversions": [BOX | {"base_quantity": "1"}]}, "/conversions"),
        ({"conversions": []}, "/conversions"),
        ({"base_unit": "KGM"}, "/base_unit"),
    ],
)
async def test_a_buyer_does_not_say_how_much_may_come_of_what_is_ordered(
    empty_world: World, changes: dict[str, Any], pointer: str
) -> None:
    world = empty_world
    known = bolt(conversions=[BOX], over_receipt_tolerance="2")
    assert (await world.ada.put("/v1/items/OURS", json=known)).status_code == 201
    refused = await put(world, "OURS", known | changes, seen=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    [row] = await bulk(world, [known | changes | {"code": "OURS"}])
    assert (row["status"], row["code"]) == ("refused", "role_required")
    bagged = {"unit": "XBG", "quantity": "1", "base_quantity": "50", "gtin": None}
    fine = known | {"conversions": [BOX, bagged], "description": "Hexagon bolt, zinc plated"}
    assert (await put(world, "OURS", fine, seen=1)).status_code == 200
    decided = await world.ada.put("/v1/items/OURS", json=fine | changes, headers={"If-Match": '"2"'})
    assert decided.status_code == 200, decided.text


async def test_a_buyer_creates_items_without_tolerances(world: World) -> None:
    assert (await put(world, "THEIRS", bolt(over_receipt_tolerance="1"))).status_code == 403
    assert (await put(world, "THEIRS", bolt(conversions=[BOX]))).status_code == 201


async def test_of_two_items_that_take_a_gtin_at_once_one_gets_it(world: World) -> None:
    answers = await asyncio.gather(*(put(world, f"RACE-{n}", bolt(gtin="96385074")) for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_of_two_who_create_an_item_at_once_one_does(world: World) -> None:
    answers = await asyncio.gather(*(put(world, "ONCE", bolt()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len(await told(world, "ONCE")) == 1


async def codes(world: World, **asked: Any) -> list[str]:
    found = await world.rita.get("/v1/items", params=asked)
    assert found.status_code == 200, found.text
    return [item["code"] for item in found.json()["items"]]


async def test_items_are_found_by_beginnings_of_words_and_filters_and_paged_by_code(
    empty_world: World,
) -> None:
    world = empty_world
    maker = {"maker": "Müller & Söhne", "part_number": "NS-8040/Z"}
    await put(world, "M8-HEX-40", bolt(description="Hexagon bolt M8 × 40, zinc plated", makers=[maker]))
    await put(world, "M8-NUT", bolt(description="Hexagon nut M8"))
    await put(
        world, "SEAL", bolt(description="Dichtung für Größe 8", category="seals", retired_from="2026-03-02")
    )
    for sought, expected in (
        ("hex", ["M8-HEX-40", "M8-NUT"]),
        ("M8 bol", ["M8-HEX-40"]),
        ("8040", ["M8-HEX-40"]),
        ("müller", ["M8-HEX-40"]),
        ("GRÖSSE", ["SEAL"]),
        ("m8-h", ["M8-HEX-40", "M8-NUT"]),
        ("exagon", []),
        ("'; DROP TABLE item; --", []),
        ("|&!()'\\:*", []),
    ):
        assert await codes(world, q=sought) == expected, sought
    assert await codes(world, category="seals") == ["SEAL"]
    assert await codes(world, bought_on="2026-03-01") == ["M8-HEX-40", "M8-NUT", "SEAL"]
    assert await codes(world, bought_on="2026-03-02") == ["M8-HEX-40", "M8-NUT"]
    page = (await world.rita.get("/v1/items", params={"limit": 2})).json()
    assert [item["code"] for item in page["items"]] == ["M8-HEX-40", "M8-NUT"]
    assert await codes(world, limit=2, cursor=page["next_cursor"]) == ["SEAL"]


async def bulk(
    world: World, rows: list[dict[str, Any]] | str, by: httpx.AsyncClient | None = None, **asked: Any
) -> list[dict[str, Any]]:
    is_csv = isinstance(rows, str)
    answer = await (by or world.bea).post(
        "/v1/items:bulk",
        content=rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows)),
        headers={"Content-Type": "text/csv" if is_csv else "application/x-ndjson"},
        params=asked,
    )
    assert answer.status_code in {200, 422}, answer.text
    return [json.loads(row) for row in answer.text.splitlines()]


async def test_items_come_in_bulk_and_the_same_again_changes_nothing(world: World) -> None:
    rows = [bolt(code=f"B-{n}", makers=[{"maker": "Nord AG", "part_number": str(n)}]) for n in range(250)]
    assert {row["status"] for row in await bulk(world, rows)} == {"created"}
    assert {row["status"] for row in await bulk(world, rows)} == {"unchanged"}
    rows[7]["description"] = "Bolt"
    results = await bulk(world, rows)
    assert [row["id"] for row in results if row["status"] == "updated"] == ["B-7"]
    assert [name for _, name, _ in await told(world, "B-7")] == ["ItemDefined"] * 2
    assert (await world.rita.get("/v1/items/B-7")).headers["ETag"].startswith('"2-')


async def test_a_bad_row_costs_no_other_unless_all_must_be_good(world: World) -> None:
    rows = [
        bolt(code="C-1", gtin="5901234123457"),
        bolt(code="C-2", gtin="5901234123457"),
        bolt(code="C-3", base_unit="PIECES"),
        bolt(code="C-4", version=3),
        {"code": "C-5"},
        bolt(code="C-1", gtin=None),
        bolt(code="C-2", gtin="5901234123457"),
    ]
    [problem] = await bulk(world, rows, atomic=True)
    assert problem["code"] == "rows_refused"
    assert (await world.rita.get("/v1/items/C-1")).status_code == 404
    results = await bulk(world, rows)
    assert [row["status"] for row in results] == [
        "created",
        "refused",
        "refused",
        "refused",
        "refused",
        "updated",
        "created",
    ]
    assert [row["code"] for row in results] == [
        None,
        "gtin_taken",
        "item_invalid",
        "changed_meanwhile",
        "row_not_valid",
        None,
        None,
    ]
    assert results[2]["errors"][0]["pointer"] == "/base_unit"
    assert await codes(world, gtin="5901234123457") == ["C-2"]


async def test_a_row_that_names_a_version_changes_no_other(world: World) -> None:
    await put(world, "V-1", bolt())
    [stale] = await bulk(world, [bolt(code="V-1", version=2, description="Bolt")])
    assert (stale["status"], stale["code"]) == ("refused", "changed_meanwhile")
    [done] = await bulk(world, [bolt(code="V-1", version=1, description="Bolt")])
    assert done["status"] == "updated"


@pytest.mark.parametrize("existed", [True, False])
async def test_rows_of_one_item_in_one_request_are_each_a_version_and_overwrite_none_unseen(
    world: World, existed: bool
) -> None:
    code = f"TWICE-{existed}"
    if existed:
        await put(world, code, bolt())
    first = [] if existed else [bolt(code=code)]
    rows = [
        *first,
        bolt(code=code, version=1, description="second"),
        bolt(code=code, version=1, description="lost"),
        bolt(code=code, version=2, description="third"),
        bolt(code=code, version=3, description="third"),
        bolt(code=code, description="fourth"),
    ]
    results = await bulk(world, rows)
    statuses = ["updated", "refused", "updated", "unchanged", "updated"]
    assert [row["status"] for row in results] == [*(["created"] if first else []), *statuses]
    assert results[len(first) + 1]["code"] == "changed_meanwhile"
    read = await world.rita.get(f"/v1/items/{code}")
    assert (read.json()["description"], read.headers["ETag"][:3]) == ("fourth", '"4-')
    assert [name for _, name, _ in await told(world, code)] == ["ItemDefined"] * 4
    assert [number for number, _, _ in await told(world, code)] == [1, 2, 3, 4]


async def test_who_sends_items_as_a_job_sees_how_far_it_has_come_and_others_do_not(world: World) -> None:
    headers = {"Content-Type": "application/x-ndjson", "Prefer": "respond-async"}
    sent = await world.bea.post("/v1/items:bulk", content=json.dumps(bolt(code="J-1")), headers=headers)
    assert sent.status_code == 202, sent.text
    job = sent.headers["Location"]
    assert (await world.bea.get(job)).json()["asked_by"] == "bea"
    assert (await world.ada.get(job)).status_code == 200
    assert (await world.rita.get(job)).json()["code"] == "scope_required"
    assert (await world.bea.post(f"{job}:cancel")).status_code == 200


async def test_items_come_as_csv_with_units_and_makers_in_a_cell(world: World) -> None:
    text = (
        "code,description,category,base_unit,conversions,makers,inspection_needed,order_multiple\n"
        'D-1,"Bolt, long",fasteners,C62,XBX=12;KGM=100/3,"Nord, Süd AG: NS-1; Süd KG: 2:3",true,12\n'
        "D-2,Nut,fasteners,C62,,,,\n"
        "D-3,Nut,fasteners,C62,XBX,Nord AG,,\n"
        'D-4,Nut,fasteners,C62,,"Nord AG: NS-1, Süd KG: 2",,\n'
        "D-5,Nut,fasteners,C62,,Nord AG: NS-1 | Süd KG: 2,,\n"
    )
    results = await bulk(world, text)
    assert [row["status"] for row in results] == ["created", "created"] + ["refused"] * 3
    for row in results[3:]:
        [error] = row["errors"]
        assert (error["pointer"], "separate them by semicolons" in error["detail"]) == ("/makers/0", True)
    assert [error["pointer"] for error in results[2]["errors"]] == [
        "/conversions/0/base_quantity",
        "/makers/0/part_number",
    ]
    made = (await world.rita.get("/v1/items/D-1")).json()
    assert made["conversions"] == [
        {"unit": "KGM", "quantity": "3", "base_quantity": "100", "gtin": None},
        {"unit": "XBX", "quantity": "1", "base_quantity": "12", "gtin": None},
    ]
    assert made["makers"] == [
        {"maker": "Nord, Süd AG", "part_number": "NS-1"},
        {"maker": "Süd KG", "part_number": "2:3"},
    ]
    assert (made["inspection_needed"], made["order_multiple"]) == (True, "12")


async def test_two_who_send_the_same_items_in_opposite_orders_both_end(world: World) -> None:
    rows = [bolt(code=f"E-{n}") for n in range(60)]
    results = await asyncio.gather(*(bulk(world, rows[::step]) for step in (1, -1, 1, -1)))
    made = [row["status"] for of_one in results for row in of_one]
    assert (made.count("created"), made.count("unchanged")) == (60, 180)


async def ordered(world: World, *lines: dict[str, Any], **header: Any) -> tuple[int, list[str]]:
    supplier = await world.supplier()
    answer = await world.robin.post("/v1/purchase-orders", json=order_body(supplier, *lines, **header))
    return answer.status_code, [error["pointer"] for error in answer.json().get("errors", [])]


async def test_an_order_names_an_item_as_it_is_and_anything_else_as_free_text(world: World) -> None:
    await put(world, "O-1", bolt(conversions=[BOX]))
    await put(world, "O-2", bolt(retired_from="2026-03-02"))
    good = line(item="O-1")
    assert await ordered(world, good, line(item="O-1", unit="XBX"), line(item="anything", unit="KGM")) == (
        201,
        [],
    )
    assert await ordered(world, good, line(item="O-1", unit="KGM")) == (422, ["/lines/1/unit"])
    assert await ordered(world, line(item="O-1", category="seals")) == (422, ["/lines/0/category"])
    assert await ordered(world, good, line(item="O-2")) == (422, ["/lines/1/item"])
    assert await ordered(world, line(item="O-2"), ordered_on="2026-03-01") == (201, [])


async def test_a_draft_that_is_changed_names_items_as_they_are(world: World) -> None:
    await put(world, "P-1", bolt(retired_from="2026-03-02"))
    supplier = await world.supplier()
    order = await world.order(supplier)
    answer = await world.robin.put(
        f"/v1/purchase-orders/{order['id']}",
        json=order_body(supplier, line(item="P-1")),
        headers={"If-Match": '"1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "items_not_valid")


async def test_where_items_are_required_an_order_names_nothing_else(empty_world: World) -> None:
    world = empty_world
    cora, carl = (world.person(name, Role.CATEGORY_MANAGER) for name in ("cora", "carl"))
    policy = "/v1/policies/items-required"
    seen = (await cora.get(policy)).headers["ETag"]
    decision = {"valid_from": "2026-03-02", "value": {"items_required": True}, "reason": "no free text"}
    proposed = await cora.post(
        f"{policy}/versions", json=decision | {"category": "fasteners"}, headers={"If-Match": seen}
    )
    assert proposed.status_code == 201, proposed.text
    approved = await carl.post(f"{policy}/versions/{proposed.json()['version']}:approve")
    assert approved.status_code == 200, approved.text
    await put(world, "Q-1", bolt())
    assert await ordered(world, line(item="Q-1"), line(item="a bolt")) == (422, ["/lines/1/item"])
    assert await ordered(world, line(item="Q-1")) == (201, [])
    assert await ordered(world, line(item="a bolt"), ordered_on="2026-03-01") == (201, [])
    assert await ordered(world, line(item="cleaning", category="services")) == (201, [])

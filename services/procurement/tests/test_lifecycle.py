"""A purchase order from draft to closed, over HTTP."""

from .conftest import World, arrived, line


async def test_an_order_goes_from_draft_to_closed_and_its_stream_tells_the_story(world: World) -> None:
    supplier_id = await world.supplier()
    draft = await world.order(supplier_id, line(), line(quantity="3", price="0.333333"))
    assert draft["status"] == "draft"
    assert draft["total"] == {"amount": "26.00", "currency": "EUR"}
    assert draft["ordered_on"] == "2026-03-02"
    issued = await world.brought_to(draft, "acknowledged")
    assert issued["approved_by"] == "alex"

    first = await world.receive(
        draft, arrived(1, "4", rejected_quantity="1", rejection_reason="bent"), despatch_reference="LS-1"
    )
    assert first.status_code == 201, first.text
    assert first.json()["order_status"] == "partially_received"
    last = await world.receive(draft, arrived(1, "7"), arrived(2, "3"))
    assert last.json()["order_status"] == "closed"

    read = (await world.bea.get(f"/v1/purchase-orders/{draft['id']}")).json()
    assert (read["status"], read["closed_on"], read["allowed_actions"]) == (
        "closed",
        "2026-03-02",
        ["reopen_line"],
    )
    assert [shown["received_quantity"] for shown in read["lines"]] == ["11", "3"]
    assert read["lines"][0]["rejected_quantity"] == "1"

    events = await world.events_of(draft)
    assert [(number, name) for number, name, _ in events] == [
        (1, "POIssued"),
        (2, "POAcknowledged"),
        (3, "GoodsReceived"),
        (4, "GoodsReceived"),
        (5, "POClosed"),
    ]
    issued_event = events[0][2]
    assert issued_event["time_zone"] == "Europe/Berlin"
    assert issued_event["lines"][1]["amount"] == "1.00"

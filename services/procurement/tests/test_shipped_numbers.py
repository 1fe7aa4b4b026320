"""A package and a single thing travel with one shipment: their numbers are given once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from .conftest import NOON, TODAY, World, arrived, line
from .test_shipments import advised, move, new_sscc, notified, notify, refused, sue
from .test_tracking import defined


async def test_a_number_of_a_package_is_not_used_again_within_a_year(world: World) -> None:
    order, other = await world.issued(line(quantity="100")), await world.issued()
    sscc = [{"sscc": new_sscc()}]
    first = await notified(world, advised(order, 1, "1"), packages=sscc)
    why = f"{sscc[0]['sscc']} was used within a year, for "
    again = await notify(world, advised(order, 1, "1"), packages=sscc, by=sue(world, order))
    assert again.status_code == 409
    assert refused(again, "number_used") == {"/packages/0/sscc": why + first["number"]}
    of_another = await notify(world, advised(other), packages=sscc, by=sue(world, other))
    assert refused(of_another, "number_used") == {"/packages/0/sscc": why + "another shipment"}
    received = await world.receive(order, arrived(1, "1"), shipment_id=first["id"])
    assert received.status_code == 201, received.text
    assert (await notify(world, advised(order, 1, "1"), packages=sscc)).status_code == 409
    for days, status in ((364, 409), (365, 201)):
        world.clock.now = NOON + timedelta(days)
        day = str(TODAY + timedelta(days))
        late = await notify(world, advised(order, 1, "1"), packages=sscc, shipped_on=day, expected_on=day)
        assert late.status_code == status, late.text


async def test_a_number_of_a_package_is_free_when_its_shipment_is_called_back(world: World) -> None:
    order = await world.issued()
    sscc = [{"sscc": new_sscc()}]
    first = await notified(world, advised(order), packages=sscc)
    assert (await move(world, first, "cancel")).status_code == 200
    await notified(world, advised(order), packages=sscc)


async def test_of_several_who_send_one_package_at_once_one_does(world: World) -> None:
    sscc = [{"sscc": new_sscc()}]
    orders = [await world.issued() for _ in range(4)]
    answers = await asyncio.gather(*(notify(world, advised(order), packages=sscc) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3


async def test_a_single_thing_is_on_its_way_once_whoever_sends_it(world: World) -> None:
    await defined(world, "SHIPPED-PUMP", tracked_by="serial")
    order, other = [await world.issued(line(item="SHIPPED-PUMP")) for _ in range(2)]
    first = await notified(world, advised(order, 1, "2", serials=["S-1", "S-2"]))
    again = await notify(world, advised(order, 1, "2", serials=["S-3", "S-2"]), by=sue(world, order))
    assert refused(again, "number_used") == {
        "/lines/0/serials/1": f"S-2 is under way already, with {first['number']}"
    }
    of_another = await notify(world, advised(other, 1, "1", serials=["S-1"]), by=sue(world, other))
    assert refused(of_another, "number_used") == {
        "/lines/0/serials/0": "S-1 is under way already, with another shipment"
    }
    assert (await move(world, first, "cancel")).status_code == 200
    await notified(world, advised(other, 1, "1", serials=["S-1"]))


async def test_a_serial_number_of_free_text_is_of_its_supplier(world: World) -> None:
    text = line(item="a pump as last year")
    order, other = await world.issued(text, text), await world.issued(text)
    twice = [advised(order, number, "1", serials=["S-1"]) for number in (1, 2)]
    assert refused(await notify(world, *twice), "number_used") == {
        "/lines/1/serials/0": "S-1 is named before, of the same item"
    }
    await notified(world, twice[0])
    assert (await notify(world, twice[1])).status_code == 409
    await notified(world, advised(other, 1, "1", serials=["S-1"]))

"""Bids over HTTP: nobody but their bidder reads them before their openers open them together."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from services.sourcing.tests.tenders.conftest import AT, content, refused, same

from purveyor_contract.roles import Role
from sourcing.bids.rules.content import BID
from sourcing.openings.store.keys import open_share, unwritten, written

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Clock
    from services.sourcing.tests.tenders.conftest import House, Opener

Json = dict[str, Any]
SECRETS = ("4711.0815", "Geheimantwort")


def offer(price: str = SECRETS[0], **changes: Any) -> Json:
    bid = deepcopy(BID)
    bid["prices"][0] |= {"price": price, "breaks": []}
    bid["answers"][0]["text"] = SECRETS[1]
    return bid | changes


async def bid(house: House, tender: Json, place: int = 0, **changes: Any) -> Json:
    """Confirm a tender and bid for it."""
    portal, at = house.portals[place], f"{AT}/{tender['id']}"
    same(await portal.post(f"{at}:confirm", json={"edition": tender["edition"]}))
    return same(await portal.put(f"{at}/bid", json=offer(**changes)))


async def share_of(opener: Opener, tender: Json) -> str:
    """Open an opener's share with their own key, as their own machine does."""
    sealed = same(await opener.client.get(f"{AT}/{tender['id']}/opening-share"))["sealed"]
    private = opener.key.private_bytes_raw()
    return written(open_share(private, UUID(tender["id"]), opener.person, unwritten(sealed) or b""))


async def opened(house: House, tender: Json) -> Json:
    """Let two openers open a tender's bids."""
    shown = tender
    for opener in house.openers[:2]:
        share = await share_of(opener, tender)
        shown = same(await opener.client.post(f"{AT}/{tender['id']}:open", json={"share": share}))
    return shown


async def everything_kept(house: House) -> str:
    """Return all that the database holds, as a dump would: each row of each table, as text."""
    async with house.desk.context.database.connection() as connection:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        found = []
        for table in tables:
            every_row = f"SELECT row_to_json(kept_row)::text FROM {table['name']} AS kept_row"  # noqa: S608
            rows = await connection.fetch(every_row)
            found += [row[0] for row in rows]
    return "\n".join(found)


async def test_a_dump_before_the_opening_holds_no_price_and_no_answer_in_any_spelling(
    house: House, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    tender = await house.published()
    await bid(house, tender)
    portal, at = house.portals[0], f"{AT}/{tender['id']}"
    repeated = {"Idempotency-Key": "once"}
    same(await portal.put(f"{at}/bid", json=offer(), headers=repeated))
    refused(await portal.put(f"{at}/bid", json=offer(currency="CHF")), 422, "bid_unfit", "/currency")
    clock.wait(days=29)
    olga = house.openers[0]
    share = await share_of(olga, tender)
    same(await olga.client.post(f"{at}:open", json={"share": share}, headers=repeated))
    dump = (await everything_kept(house)).casefold()
    assert tender["id"] in dump
    for secret in SECRETS:
        for spelt in (secret, secret.encode().hex(), written(secret.encode())[:-2]):
            assert spelt.casefold() not in dump
    said = capfd.readouterr()
    assert "/bid" in said.out + said.err
    assert not any(secret in said.out + said.err for secret in SECRETS)
    events, audit = await house.desk.events(tender), await house.desk.audit(tender["id"])
    assert "BidReceived" in str(events)
    assert {"bid", "give_share"} <= {record["action"] for record in audit}
    assert not any(secret in str(events) + str(audit) for secret in SECRETS)


async def test_a_bidder_reads_its_own_bid_by_the_key_of_its_receipt_and_nobody_else_does(
    house: House,
) -> None:
    tender = await house.published()
    first = await bid(house, tender)
    at = f"{AT}/{tender['id']}/bid"
    portal, other = house.portals
    shown = same(await portal.get(at, headers={"Bid-Key": first["key"]}))
    assert shown["content"]["prices"][0]["price"] == SECRETS[0]
    assert same(await portal.get(at))["content"] is None
    second = same(await portal.put(at, json=offer("4712.00")))
    assert (second["number"], second["digest"] != first["digest"]) == (2, True)
    refused(await portal.get(at, headers={"Bid-Key": first["key"]}), 422, "bid_key_wrong")
    refused(await other.get(at, headers={"Bid-Key": first["key"]}), 404, "bid_not_found")
    bids = same(await house.lead.get(f"{at}s"))["bids"]
    assert [(one["supplier_id"], one["content"]) for one in bids] == [(house.suppliers[0]["id"], None)]
    assert (await house.read(tender))["bids"] == 1


async def test_bids_are_opened_once_by_as_many_openers_as_are_needed_after_the_deadline(
    house: House, clock: Clock
) -> None:
    tender = await house.published()
    receipt = await bid(house, tender)
    await bid(house, tender, 1, price="12.00")
    olga, otto = house.openers[:2]
    at = f"{AT}/{tender['id']}"
    share = {"share": await share_of(olga, tender)}
    refused(await olga.client.post(f"{at}:open", json=share), 409, "wrong_state")
    clock.wait(days=29)
    refused(await otto.client.post(f"{at}:open", json=share), 422, "share_wrong", "/share")
    stranger = house.as_person("mallory", Role.APPROVER)
    refused(await stranger.post(f"{at}:open", json=share), 403, "not_an_opener")
    refused(await stranger.get(f"{at}/opening-share"), 404, "opening_share_not_found")
    assert same(await olga.client.post(f"{at}:open", json=share))["status"] == "closed"
    assert same(await olga.client.post(f"{at}:open", json=share))["status"] == "closed"
    assert (await opened(house, tender))["status"] == "opened"
    refused(await olga.client.post(f"{at}:open", json=share), 409, "wrong_state")
    bids = same(await olga.client.get(f"{at}/bids"))["bids"]
    assert [one["content"]["prices"][0]["price"] for one in bids] == [SECRETS[0], "12.00"]
    assert [one["counts"] for one in bids] == [True, True]
    assert bids[0]["digest"] == receipt["digest"]
    assert [one["content"] for one in same(await stranger.get(f"{at}/bids"))["bids"]] == [None, None]
    names = [name for name, _ in await house.desk.events(tender)]
    assert names == ["TenderPublished", "BidReceived", "BidReceived", "TenderClosed", "BidsOpened"]
    async with house.desk.context.database.connection() as connection:
        told = await connection.fetch(
            "SELECT data #>> '{prices,0,price}' AS price FROM outbox WHERE topic = 'sourcing.bids'"
        )
        given = await connection.fetchval("SELECT count(*) FROM tender_opening_share WHERE given IS NOT NULL")
    assert sorted(row["price"] for row in told) == ["12.00", SECRETS[0]]
    assert given == 0


async def test_a_bid_that_was_changed_in_the_database_is_not_what_its_receipt_says(
    house: House, clock: Clock
) -> None:
    tender = await house.published()
    await bid(house, tender)
    await bid(house, tender, 1)
    async with house.desk.context.database.connection() as connection:
        await connection.execute(
            "UPDATE sealed_bid SET content = content || '\\x00' WHERE supplier_id = $1",
            house.suppliers[0]["id"],
        )
        swapped = "UPDATE sealed_bid SET digest = sha256(content || wrapped) WHERE supplier_id = $1"
        await connection.execute(
            "UPDATE sealed_bid SET content = overlay(content placing '\\x00' from 20) WHERE supplier_id = $1",
            house.suppliers[1]["id"],
        )
        await connection.execute(swapped, house.suppliers[1]["id"])
    clock.wait(days=29)
    await opened(house, tender)
    bids = same(await house.openers[0].client.get(f"{AT}/{tender['id']}/bids"))["bids"]
    assert [one["counts"] for one in bids] == [False, False]
    assert "not what its receipt says" in bids[0]["why_not"]
    assert "changed since" in bids[1]["why_not"]


async def test_a_bid_is_withdrawn_and_one_a_second_late_is_refused(house: House, clock: Clock) -> None:
    tender = await house.published()
    await bid(house, tender)
    portal, at = house.portals[0], f"{AT}/{tender['id']}"
    refused(await portal.post(f"{at}:withdraw-bid", json={"number": 2}), 422, "bid_replaced", "/number")
    first = {"number": 1}
    withdrawn = same(await portal.post(f"{at}:withdraw-bid", json=first))
    assert (withdrawn["number"], withdrawn["digest"]) == (2, None)
    refused(await portal.post(f"{at}:withdraw-bid", json=first), 404, "bid_not_found")
    assert (await house.read(tender))["bids"] == 0
    clock.wait(days=28, hours=1, minutes=29, seconds=59)
    assert same(await portal.put(f"{at}/bid", json=offer()))["number"] == 3
    clock.wait(seconds=1)
    for late in (portal.put(f"{at}/bid", json=offer()), portal.post(f"{at}:withdraw-bid", json=first)):
        refused(await late, 409, "wrong_state")


async def test_a_bid_counts_for_the_version_that_its_bidder_has_confirmed(house: House, clock: Clock) -> None:
    tender = await house.published()
    at, portal = f"{AT}/{tender['id']}", house.portals[0]
    refused(await portal.put(f"{at}/bid", json=offer()), 409, "version_not_confirmed")
    await bid(house, tender)
    await bid(house, tender, 1)
    amendment = {"why": "Another drawing", "content": content(title="Fasteners, by the new drawing")}
    same(await house.act(house.lead, ":amend", tender, amendment))
    same(await house.act(house.approver, ":approve", tender))
    same(await portal.post(f"{at}:confirm", json={"edition": 2}))
    suspended = house.suppliers[0]
    clock.wait(days=29)
    same(await house.desk.act("suspend", suspended, reason="Audit"))
    await opened(house, tender)
    first, second = same(await house.openers[0].client.get(f"{at}/bids"))["bids"]
    assert "is suspended" in first["why_not"]
    assert second["why_not"] == "Version 2 of the tender was not confirmed."

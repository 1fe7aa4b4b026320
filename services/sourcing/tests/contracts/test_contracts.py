"""Contracts over HTTP: drafted by one, signed by two others, amended, renewed, suspended, ended."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from services.sourcing.tests.contracts.conftest import AT, content, price, refused, same

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Clock
    from services.sourcing.tests.contracts.conftest import Contracting

Json = dict[str, Any]


async def test_a_contract_holds_once_two_have_signed_it_who_wrote_none_of_it(house: Contracting) -> None:
    contract = await house.submitted()
    author = house.as_person("bob", Role.APPROVER)
    refused(await house.act(author, "sign", contract), 403, "segregation_of_duties")
    first, second = house.signers
    once = same(await house.act(first, "sign", contract))
    assert (once["status"], once["signers"], once["edition"]) == ("in_approval", ["ava"], 0)
    refused(await house.act(first, "sign", contract), 403, "segregation_of_duties")
    active = same(await house.act(second, "sign", contract))
    assert (active["status"], active["signers"], active["edition"]) == ("active", ["ava", "mel"], 1)
    ((name, told),) = await house.desk.events(contract)
    assert (name, told["signed_by"], told["parties"]) == (
        "ContractActivated",
        ["ava", "mel"],
        [house.supplier["id"]],
    )
    [line] = told["prices"]
    assert [tier["price"] for tier in line["tiers"]] == ["12.40", "11.80"]
    assert (line["valid_from"], line["valid_to"]) == ("2026-11-20", "2027-11-19")


async def test_a_contract_that_begins_later_is_signed_until_its_day_comes(house: Contracting) -> None:
    contract = await house.active(starts_on="2026-12-01", ends_on="2027-11-30")
    assert contract["status"] == "signed"
    assert await house.told(contract) == []
    await house.day(date(2026, 11, 30))
    assert (await house.read(contract))["status"] == "signed"
    await house.day(date(2026, 12, 1))
    await house.day(date(2026, 12, 1))
    assert (await house.read(contract))["status"] == "active"
    assert await house.told(contract) == ["ContractActivated"]


async def test_a_supplier_reads_its_own_contract_once_it_was_signed_and_not_who_looks_after_it(
    house: Contracting,
) -> None:
    contract = await house.submitted()
    refused(await house.portal.get(f"{AT}/{contract['id']}"), 404, "contract_not_found")
    assert same(await house.portal.get(AT))["items"] == []
    await house.signed(contract)
    shown = await house.read(contract, house.portal)
    assert shown["content"]["prices"][0]["tiers"][0]["price"] == "12.40"
    for secret in ("bob", "ava", "mel", "carla"):
        assert secret not in str(shown)
    stranger = await house.desk.approved(legal_name="Fremd AG")
    other = house.as_person("fred", Role.SUPPLIER, supplier_id=stranger["id"])
    refused(await other.get(f"{AT}/{contract['id']}"), 404, "contract_not_found")


async def test_an_amendment_is_signed_by_two_others_and_makes_another_version(house: Contracting) -> None:
    contract = await house.active()
    dearer = [price(tiers=[{"from_quantity": "0", "price": "13.00"}])]
    stated = {"why": "Steel is dearer", "content": content(prices=dearer)}
    proposed = same(await house.act(house.author, "amend", contract, **stated))
    assert proposed["content"]["prices"][0]["tiers"][0]["price"] == "12.40"
    amended = await house.signed(contract)
    assert (amended["edition"], amended["amendment"]) == (2, None)
    assert [one["why"] for one in amended["versions"]] == [None, "Steel is dearer"]
    assert [one["authors"] for one in amended["versions"]] == [["bob"], ["bob"]]
    _, (name, told) = await house.desk.events(contract)
    assert (name, told["edition"], told["in_force_from"]) == ("ContractAmended", 2, "2026-11-20")
    assert told["prices"][0]["tiers"][0]["price"] == "13.00"


async def test_an_amendment_changes_neither_when_a_contract_began_nor_its_currency(
    house: Contracting,
) -> None:
    contract = await house.active()
    for at, wrong in (("starts_on", "2026-11-21"), ("currency", "CHF")):
        stated = {"why": "We want to", "content": content(**{at: wrong})}
        answer = await house.act(house.author, "amend", contract, **stated)
        refused(answer, 422, "amendment_wrong", f"/content/{at}")
    refused(await house.act(house.signers[0], "sign", contract), 422, "nothing_to_approve")


async def test_two_contracts_of_one_supplier_do_not_price_one_item_on_one_day(house: Contracting) -> None:
    contract = await house.active()
    second = await house.drafted()
    problem = refused(
        await house.act(house.author, "submit", second), 422, "priced_elsewhere", "/content/prices/0"
    )
    assert contract["number"] in problem["detail"]
    begins = content(starts_on="2027-11-20", ends_on="2028-11-19", obligations=[])
    stated = {"supplier_id": house.supplier["id"], "content": begins}
    later = same(await house.author.post(AT, json=stated), 201)
    refused(await house.act(house.author, "submit", later), 422, "priced_elsewhere")
    same(await house.act(house.manager, "give-notice", contract, by_supplier=False, reason="Another follows"))
    follows = await house.active(starts_on="2027-11-20", ends_on="2028-11-19", obligations=[])
    assert follows["status"] == "signed"
    other = await house.desk.approved(legal_name="Nordwind Verbindungstechnik GmbH")
    assert (await house.active(other))["status"] == "active"


async def test_of_two_contracts_for_one_item_that_are_signed_at_once_one_holds(house: Contracting) -> None:
    contracts = [await house.submitted(), await house.submitted()]
    for contract in contracts:
        same(await house.act(house.signers[0], "sign", contract))
    answers = await asyncio.gather(*(house.act(house.signers[1], "sign", one) for one in contracts))
    assert sorted(one.status_code for one in answers) == [200, 422]


async def test_a_contract_is_with_a_supplier_that_is_approved_for_all_it_prices(house: Contracting) -> None:
    newcomer = await house.desk.registered(legal_name="Neuling KG")
    draft = await house.drafted(newcomer)
    refused(await house.act(house.author, "submit", draft), 422, "party_not_approved", "/supplier_id")
    bearings = await house.drafted(prices=[price(category="bearings")])
    refused(await house.act(house.author, "submit", bearings), 422, "party_not_approved", "/supplier_id")
    contract = await house.submitted()
    same(await house.act(house.signers[0], "sign", contract))
    same(await house.desk.act("suspend", house.supplier, reason="Audit"))
    refused(await house.act(house.signers[1], "sign", contract), 422, "party_not_approved", "/supplier_id")
    nobody = {"supplier_id": contract["id"], "content": content()}
    refused(await house.author.post(AT, json=nobody), 422, "party_not_approved", "/supplier_id")


async def test_a_company_of_another_group_is_no_party(house: Contracting) -> None:
    stranger = await house.desk.approved(legal_name="Fremd AG")
    draft = await house.drafted(affiliates=[stranger["id"]])
    refused(
        await house.act(house.author, "submit", draft), 422, "party_not_approved", "/content/affiliates/0"
    )


@pytest.mark.parametrize(
    ("changes", "code", "at"),
    [
        ({"ends_on": "2026-11-19"}, "contract_term_wrong", "/content/ends_on"),
        ({"prices": [price(category="nonsense")]}, "category_unknown", "/content/prices/0/category"),
        ({"prices": [price(), price(number=2)]}, "price_repeated", "/content/prices/1"),
        ({"kind": "fixed_value", "ceiling_value": None}, "ceiling_missing", "/content/ceiling_value"),
        ({"renewal": {"kind": "automatic"}}, "renewal_wrong", "/content/renewal/months"),
        (
            {
                "prices": [
                    price(
                        tiers=[
                            {"from_quantity": "0", "below": "10", "price": "2"},
                            {"from_quantity": "20", "price": "1"},
                        ]
                    )
                ]
            },
            "tiers_malformed",
            "/content/prices/0/tiers/0/below",
        ),
    ],
)
async def test_a_contract_that_makes_no_sense_is_refused_where_it_is_wrong(
    house: Contracting, changes: Json, code: str, at: str
) -> None:
    stated = {"supplier_id": house.supplier["id"], "content": content(**changes)}
    refused(await house.author.post(AT, json=stated), 422, code, at)


async def test_a_contract_is_told_of_before_the_last_day_for_notice_and_then_goes_on(
    house: Contracting, clock: Clock
) -> None:
    contract = await house.active(
        renewal={"kind": "automatic", "months": 12, "notice_days": 90, "until": "2028-05-31"}
    )
    assert contract["notice_deadline"] == "2027-08-21"
    for day in (date(2027, 6, 21), date(2027, 6, 22), date(2027, 6, 22), date(2027, 7, 30)):
        await house.day(day)
    assert await house.told(contract) == ["ContractActivated", "ContractExpiring", "ContractExpiring"]
    await house.day(date(2027, 8, 22))
    renewed = await house.read(contract)
    assert (renewed["ends_on"], renewed["edition"]) == ("2028-05-31", 2)
    name, told = (await house.desk.events(contract))[-1]
    assert (name, told["automatic"], told["previous_ends_on"]) == ("ContractRenewed", True, "2027-11-19")
    await house.day(date(2028, 6, 1))
    ended = await house.read(contract)
    assert (ended["status"], ended["ended_on"]) == ("expired", "2028-05-31")
    clock.now = clock.now.replace(year=2028, month=6)
    answer = await house.act(house.author, "renew", contract, ends_on="2029-05-31", why="Still good")
    refused(answer, 409, "wrong_state")


async def test_a_contract_ends_at_its_end_once_notice_was_given_in_time(
    house: Contracting, clock: Clock
) -> None:
    contract = await house.active()
    stated = {"by_supplier": True, "reason": "They close the plant"}
    given = same(await house.act(house.manager, "give-notice", contract, **stated))
    assert (given["notice_given_on"], given["notice_by_supplier"]) == ("2026-11-20", True)
    refused(await house.act(house.manager, "give-notice", contract, **stated), 409, "notice_not_possible")
    await house.day(date(2027, 11, 20))
    assert (await house.read(contract))["status"] == "expired"
    late = await house.active(starts_on="2026-11-20", prices=[price(item="M9-A2")])
    clock.now = clock.now.replace(year=2027, month=9)
    refused(await house.act(house.manager, "give-notice", late, **stated), 409, "notice_not_possible")


async def test_a_contract_is_renewed_by_two_before_its_end(house: Contracting) -> None:
    contract = await house.active(renewal={"kind": "none"})
    sooner = await house.act(house.author, "renew", contract, ends_on="2027-11-19", why="Still good")
    refused(sooner, 422, "contract_term_wrong", "/ends_on")
    same(await house.act(house.author, "renew", contract, ends_on="2028-05-31", why="Still good"))
    renewed = await house.signed(contract)
    assert (renewed["ends_on"], renewed["edition"]) == ("2028-05-31", 2)
    name, told = (await house.desk.events(contract))[-1]
    assert (name, told["automatic"]) == ("ContractRenewed", False)


async def test_a_contract_is_suspended_resumed_and_terminated_with_reasons(house: Contracting) -> None:
    contract = await house.active()
    stop = {"reason": "Half of it came late", "reason_for_supplier": "An audit is due"}
    same(await house.act(house.manager, "suspend", contract, **stop))
    shown = await house.read(contract, house.portal)
    assert (shown["status"], shown["suspended_reason_for_supplier"]) == ("suspended", "An audit is due")
    assert "late" not in str(shown)
    same(await house.act(house.manager, "resume", contract, reason="The audit found nothing"))
    ended = same(await house.act(house.manager, "terminate", contract, **stop))
    assert (ended["status"], ended["ended_on"]) == ("terminated", "2026-11-20")
    refused(await house.act(house.manager, "resume", contract, reason="We want to"), 409, "wrong_state")
    assert await house.told(contract) == [
        "ContractActivated",
        "ContractSuspended",
        "ContractResumed",
        "ContractTerminated",
    ]


async def test_a_contract_that_is_not_signed_goes_back_with_the_reason_or_comes_to_nothing(
    house: Contracting,
) -> None:
    contract = await house.submitted()
    same(await house.act(house.signers[0], "sign", contract))
    back = same(await house.act(house.signers[1], "return", contract, reason="The lead time is missing"))
    assert (back["status"], back["signers"]) == ("draft", [])
    at = f"{AT}/{contract['id']}"
    seen = {"If-Match": (await house.author.get(at)).headers["etag"]}
    stated = {"content": content(title="Bolts")}
    assert same(await house.author.put(at, json=stated, headers=seen))["title"] == "Bolts"
    refused(await house.author.put(at, json=stated, headers=seen), 412, "changed_meanwhile")
    same(await house.act(house.author, "discard", contract, reason="Nobody wants it"))
    assert (await house.read(contract))["status"] == "discarded"
    assert await house.told(contract) == []


async def test_who_made_a_supplier_what_it_is_does_not_sign_its_contracts(house: Contracting) -> None:
    registrar = house.as_person("rita", Role.BUYER, Role.APPROVER)
    details = house.desk.details(legal_name="Ritas Lieferant GmbH")
    supplier = same(await registrar.post("/v1/suppliers", json=details), 201)
    same(await house.desk.act("submit", supplier))
    same(await house.desk.act("approve", supplier, categories=["fasteners"], expires_on="2027-12-31"))
    contract = await house.submitted(supplier)
    refused(await house.act(registrar, "sign", contract), 403, "segregation_of_duties")

"""Where a supplier is paid: changed by nobody alone, called back, encrypted, shown by its last signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
import pytest
from asyncpg.exceptions import CheckViolationError
from pydantic import SecretStr

from purveyor_contract.bank_details import opened, read_keys
from purveyor_contract.roles import Role
from sourcing.bank_accounts.commands import carry_out_due, rotate
from sourcing.settings import SourcingSettings

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

    from purveyor_cli.bank_keys import BankKeys

IBAN, OTHER, LOCAL = "DE89370400440532013000", "GB82WEST12345698765432", "000123456789"
PHONE, NEW_PHONE = "+49 89 1234567", "+49 30 7654321"
CHANGES = "/v1/bank-account-changes"
Json = dict[str, Any]


class Accounts:
    """A supplier whom bob registered with one phone number, and who asks, calls and pays."""

    def __init__(self, desk: Desk, clock: Clock, as_person: AsPerson, supplier: Json) -> None:
        self.desk, self.clock, self.supplier = desk, clock, supplier
        self.sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
        self.anna = as_person("anna", Role.ACCOUNTS_PAYABLE)
        self.paul = as_person("paul", Role.ACCOUNTS_PAYABLE)

    async def ask(self, by: httpx.AsyncClient, iban: str | None = IBAN, **changes: Any) -> httpx.Response:
        account = None if iban is None else {"holder": "Muster Schrauben GmbH", "iban": iban}
        body = {
            "supplier_id": self.supplier["id"],
            "currency": "EUR",
            "account": account,
            "reason": "A new bank",
        }
        return await by.post(CHANGES, json=body | changes, headers={"Idempotency-Key": str(uuid4())})

    async def asked(self, by: httpx.AsyncClient, iban: str | None = IBAN, **changes: Any) -> Json:
        response = await self.ask(by, iban, **changes)
        assert response.status_code == 201, response.text
        change: Json = response.json()
        return change

    async def verify(
        self, by: httpx.AsyncClient, change: Json, number: str = PHONE, note: str | None = None, **call: Any
    ) -> httpx.Response:
        seen = (await self.anna.get(f"{CHANGES}/{change['id']}")).headers["etag"]
        said = {"number": number, "spoke_to": "Erika Muster", "at": self.clock.now.isoformat()} | call
        return await by.post(
            f"{CHANGES}/{change['id']}:verify",
            json={"call": said, "note": note},
            headers={"If-Match": seen, "Idempotency-Key": str(uuid4())},
        )

    async def reject(self, by: httpx.AsyncClient, change: Json, **more: Any) -> httpx.Response:
        seen = (await self.anna.get(f"{CHANGES}/{change['id']}")).headers["etag"]
        body = {"reason": "Nobody there knows of it"} | more
        return await by.post(f"{CHANGES}/{change['id']}:reject", json=body, headers={"If-Match": seen})

    async def a_day_comes(self, **later: float) -> None:
        self.clock.wait(**later)
        async with self.desk.context.database.transaction() as tx:
            await carry_out_due(tx, tx.day)

    async def pays(self, iban: str = IBAN, **changes: Any) -> Json:
        """Let an account be asked for by the supplier, verified, and active."""
        change = await self.asked(self.sue, iban, **changes)
        self.clock.wait(minutes=5)
        answer = await self.verify(self.anna, change, note="It is theirs")
        assert answer.status_code == 200, answer.text
        await self.a_day_comes(days=2)
        account: Json = (await self.anna.get(f"/v1/bank-accounts/{change['account']['id']}")).json()
        assert account["status"] == "active"
        return account

    async def events(self) -> list[tuple[str, Json]]:
        async with self.desk.context.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT type, data FROM outbox WHERE topic = 'sourcing.bank-accounts' AND key = $1"
                " ORDER BY sequence",
                self.supplier["id"],
            )
        return [(row["type"].split(".")[2], row["data"]) for row in rows]


@pytest.fixture
async def accounts(desk: Desk, clock: Clock, as_person: AsPerson) -> Accounts:
    contacts = [{"name": "Erika Muster", "phone": PHONE}]
    supplier = await desk.registered(contacts=contacts)
    clock.wait(hours=1)
    return Accounts(desk, clock, as_person, supplier)


@pytest.fixture
def given(desk: Desk) -> Iterator[Callable[..., None]]:
    """Give the service other keys, before the older ones or in their place."""
    database = desk.context.database
    before = database.settings
    assert isinstance(before, SourcingSettings)
    assert before.bank_account_keys is not None
    keys = before.bank_account_keys.get_secret_value()

    def give(numbers: str, digest: str, *, older: bool = True) -> None:
        update = {
            "bank_account_keys": SecretStr(f"{numbers},{keys}" if older else numbers),
            "bank_account_digest_key": SecretStr(digest),
        }
        database.settings = before.model_copy(update=update)

    yield give
    database.settings = before


def refused(response: httpx.Response) -> tuple[int, str, list[str]]:
    problem = response.json()
    return response.status_code, problem["code"], [error["pointer"] for error in problem.get("errors", ())]


async def everything_stored(desk: Desk) -> str:
    """Return all rows of all tables as text, with what is text inside of bytes."""
    said = []
    async with desk.context.database.connection() as connection:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in tables:
            for (row,) in await connection.fetch(f'SELECT t::text FROM "{table}" AS t'):  # noqa: S608
                said.append(row)
        bodies = await connection.fetch("SELECT convert_from(body, 'UTF8') FROM idempotency_record")
    return "\n".join((*said, *(body for (body,) in bodies)))


async def test_a_supplier_asks_another_calls_it_and_it_is_paid_after_a_while(
    accounts: Accounts, desk: Desk, keys: BankKeys
) -> None:
    change = await accounts.asked(accounts.sue, "de89 3704 0044 0532 0130 00")
    assert (change["kind"], change["status"]) == ("new", "requested")
    assert change["account"]["masked"] == "DE****3000"
    assert change["account"]["bic"] == "COBADEFFXXX"
    accounts.clock.wait(minutes=5)
    in_full = (await accounts.anna.get(f"{CHANGES}/{change['id']}/account")).json()
    assert in_full["iban"] == IBAN
    assert [phone["number"] for phone in in_full["may_call"]] == [PHONE]
    verified = (await accounts.verify(accounts.anna, change, "0049 (89) 123-4567")).json()
    assert (verified["status"], verified["pays_from"]) == ("verified", "2026-11-22")
    assert verified["call"]["name"] == "Erika Muster"
    await accounts.a_day_comes(days=1)
    listed = (await accounts.anna.get("/v1/bank-accounts", params={"status": "active"})).json()["items"]
    assert listed == [], "it waits"
    await accounts.a_day_comes(days=1)
    [account] = (await accounts.sue.get("/v1/bank-accounts", params={"status": "active"})).json()["items"]
    assert (account["id"], account["active_from"]) == (change["account"]["id"], "2026-11-22")

    (requested, first), (_, told), (activated, _) = await accounts.events()
    assert (requested, activated) == ("BankAccountChangeRequested", "BankAccountActivated")
    assert (first["masked"], first["by_supplier"]) == ("DE****3000", True)
    details = opened(
        told["sealed"],
        read_keys(keys.private),
        account_id=UUID(account["id"]),
        supplier_id=UUID(accounts.supplier["id"]),
    )
    assert (details.iban, details.holder) == (IBAN, "Muster Schrauben GmbH")
    assert IBAN not in repr(details)
    stored = await everything_stored(desk)
    assert "DE****3000" in stored
    assert IBAN not in stored
    assert IBAN[4:] not in stored
    trail = [record["action"] for record in await desk.audit(change["id"])]
    assert trail == ["request", "verify", "carry_out"]


async def test_nobody_alone_gets_a_number_believed(
    accounts: Accounts, desk: Desk, as_person: AsPerson
) -> None:
    """Business e-mail compromise: the number comes with the request, or was entered by one of the two."""
    cara = as_person("cara", Role.CATEGORY_MANAGER)
    await accounts.pays()
    change = await accounts.asked(cara, OTHER)
    accounts.clock.wait(minutes=5)
    note = "We know that bank"
    own = await accounts.verify(cara, change, note=note)
    assert refused(own)[:2] == (403, "segregation_of_duties")
    by_supplier = await accounts.verify(accounts.sue, change, note=note)
    assert by_supplier.status_code == 403
    unknown = await accounts.verify(accounts.anna, change, NEW_PHONE, note)
    assert refused(unknown) == (422, "call_proves_nothing", ["/call/number"])

    contacts = [{"name": "Erika Muster", "phone": PHONE}, {"name": "New Man", "phone": NEW_PHONE}]
    assert (await desk.change(accounts.supplier, contacts=contacts)).status_code == 200
    accounts.clock.wait(days=30)
    late = await accounts.verify(accounts.anna, change, NEW_PHONE, note)
    assert "known with the request or after it" in late.json()["errors"][0]["detail"]
    early = await accounts.verify(accounts.anna, change, PHONE, note, at="2026-11-19T12:00:00Z")
    assert refused(early) == (422, "call_proves_nothing", ["/call/at"])
    assert (await accounts.reject(accounts.anna, change)).status_code == 200

    entered = await accounts.asked(desk.buyer, OTHER)
    accounts.clock.wait(minutes=5)
    for number in (PHONE, NEW_PHONE):  # bob registered the supplier, and changed its contacts
        answer = await accounts.verify(accounts.anna, entered, number, note)
        assert "Who asked for the change entered this number" in answer.json()["errors"][0]["detail"]
    assert (await accounts.anna.get(f"{CHANGES}/{entered['id']}/account")).json()["may_call"] == []
    assert (await accounts.reject(accounts.sue, entered)).status_code == 200, "it may object to its own"

    change = await accounts.asked(accounts.anna, OTHER)
    accounts.clock.wait(minutes=5)
    bob = as_person("bob", Role.ACCOUNTS_PAYABLE)
    answer = await accounts.verify(bob, change, PHONE, note)
    assert "You entered this number yourself" in answer.json()["errors"][0]["detail"]
    silent = await accounts.verify(accounts.paul, change, PHONE)
    assert refused(silent) == (422, "warnings_unanswered", ["/note"])
    assert (await accounts.verify(accounts.paul, change, PHONE, note)).status_code == 200
    for column, name in (("verified_by", "anna"), ("number_entered_by", "anna")):
        async with desk.context.database.connection() as connection:
            with pytest.raises(CheckViolationError):
                await connection.execute(
                    f"UPDATE bank_account_change SET {column} = $1 WHERE id = $2",  # noqa: S608
                    name,
                    UUID(change["id"]),
                )


async def test_a_number_that_is_new_has_to_be_known_for_a_while_before_it_is_called_about_another_account(
    accounts: Accounts, desk: Desk
) -> None:
    await accounts.pays()
    swapped = [{"name": "New Man", "phone": NEW_PHONE}]
    assert (await desk.change(accounts.supplier, contacts=swapped)).status_code == 200
    accounts.clock.wait(days=13)
    change = await accounts.asked(accounts.sue, OTHER)
    accounts.clock.wait(days=30)
    soon = await accounts.verify(accounts.anna, change, NEW_PHONE, "theirs")
    assert "less than 14 days" in soon.json()["errors"][0]["detail"]
    gone = await accounts.verify(accounts.anna, change, PHONE, "theirs")
    assert refused(gone)[1] == "call_proves_nothing"
    ended = await accounts.reject(accounts.anna, change)
    assert ended.json()["status"] == "rejected"
    again = await accounts.asked(accounts.sue, OTHER)
    accounts.clock.wait(minutes=5)
    assert (await accounts.verify(accounts.anna, again, NEW_PHONE, "theirs")).status_code == 200


async def test_a_number_that_came_in_a_letter_with_the_first_account_of_an_old_supplier_proves_nothing(
    accounts: Accounts, desk: Desk
) -> None:
    accounts.clock.wait(days=20)
    contacts = [{"name": "Erika Muster", "phone": PHONE}, {"name": "New Man", "phone": NEW_PHONE}]
    assert (await desk.change(accounts.supplier, contacts=contacts)).status_code == 200
    accounts.clock.wait(hours=1)
    change = await accounts.asked(accounts.anna)
    accounts.clock.wait(minutes=5)
    in_full = (await accounts.paul.get(f"{CHANGES}/{change['id']}/account")).json()
    assert [phone["number"] for phone in in_full["may_call"]] == [PHONE]
    answer = await accounts.verify(accounts.paul, change, NEW_PHONE)
    assert "less than 14 days" in answer.json()["errors"][0]["detail"]
    said = await accounts.verify(accounts.paul, change, spoke_to=f"Erika ({IBAN})")
    assert refused(said) == (422, "number_in_text", ["/call/spoke_to"])
    assert (await accounts.verify(accounts.paul, change)).status_code == 200


async def test_an_account_is_replaced_and_ended_one_change_at_a_time(accounts: Accounts, desk: Desk) -> None:
    first = await accounts.pays()
    accounts.clock.wait(days=20)
    said = await accounts.ask(accounts.sue, OTHER, reason=f"{IBAN} is closed")
    assert refused(said) == (422, "number_in_text", ["/reason"])
    change = await accounts.asked(accounts.sue, OTHER)
    assert (change["kind"], change["replaces_id"]) == ("replace", first["id"])
    assert refused(await accounts.ask(accounts.anna, IBAN))[:2] == (409, "change_open")
    accounts.clock.wait(minutes=5)
    await accounts.verify(accounts.anna, change, note="Their new house bank")
    told = await desk.change(accounts.supplier, legal_name="Muster GmbH", contacts=[])
    assert told.status_code == 200
    await accounts.a_day_comes(days=2)
    of_first = (await accounts.anna.get(f"/v1/bank-accounts/{first['id']}")).json()
    assert (of_first["status"], of_first["ended_on"]) == ("ended", "2026-12-14")
    contacts = [{"name": "Erika Muster", "phone": PHONE}]
    await desk.change(accounts.supplier, contacts=contacts)
    accounts.clock.wait(days=20)
    end = await accounts.asked(accounts.sue, None)
    accounts.clock.wait(minutes=5)
    done = (await accounts.verify(accounts.anna, end)).json()
    assert (done["kind"], done["status"]) == ("end", "done"), "nothing is lost by an end at once"
    assert [name for name, _ in await accounts.events()][-3:] == [
        "BankAccountChangeRequested",
        "BankAccountVerified",
        "BankAccountEnded",
    ]
    nothing = await accounts.ask(accounts.sue, None)
    assert refused(nothing) == (422, "nothing_to_end", ["/account"])


async def test_the_same_account_at_two_suppliers_is_seen_and_keys_are_rotated(
    accounts: Accounts, desk: Desk, clock: Clock, as_person: AsPerson, given: Callable[..., None]
) -> None:
    local = {"holder": "M. Schrauben", "number": LOCAL, "bank_code": "021000021", "country": "US"}
    await accounts.pays(account=local, currency="USD")
    contacts = [{"name": "Max", "phone": NEW_PHONE}]
    rival = await desk.registered(legal_name="Rival GmbH", contacts=contacts)
    clock.wait(hours=1)
    others = Accounts(desk, clock, as_person, rival)
    change = await others.asked(others.anna, account=local | {"bank_code": "0210-00021"}, currency="USD")
    assert change["warnings"] == ["holder_differs", "same_account_elsewhere", "country_differs"]
    assert change["same_account_at"] == [accounts.supplier["id"]]

    given(numbers="n" * 40, digest="d" * 40)
    async with desk.context.database.transaction() as tx:
        assert not await rotate(tx)
    given(numbers="n" * 40, digest="d" * 40, older=False)
    in_full = (await others.paul.get(f"{CHANGES}/{change['id']}/account")).json()
    assert (in_full["number"], in_full["iban"]) == (LOCAL, None)
    again = (await others.anna.get(f"{CHANGES}/{change['id']}")).json()
    assert again["same_account_at"] == [accounts.supplier["id"]], "by digests of the new key"
    given(numbers="x" * 40, digest="d" * 40, older=False)
    missing = await others.paul.get(f"{CHANGES}/{change['id']}/account")
    assert refused(missing)[:2] == (503, "bank_account_key_unknown")


async def test_what_can_be_no_account_is_refused_without_being_repeated(accounts: Accounts) -> None:
    for stated, code, pointer in (
        ({"account": {"iban": "DE88370400440532013000"}}, "account_invalid", "/account/iban"),
        ({"account": {"iban": IBAN, "bic": "COBADEF"}}, "account_invalid", "/account/bic"),
        ({"account": {"iban": IBAN, "holder": f"to {IBAN}"}}, "number_in_text", "/account/holder"),
        ({"reason": f"Pay to {IBAN} from now on"}, "number_in_text", "/reason"),
        ({"currency": "XAU"}, "validation_failed", "/currency"),
        ({"currency": "DEM"}, "currency_withdrawn", "/currency"),
    ):
        answer = await accounts.ask(accounts.sue, **stated)
        assert refused(answer)[1:] == (code, [pointer])
        assert IBAN[4:] not in answer.text

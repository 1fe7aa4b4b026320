"""Where a supplier may be paid: as sourcing verified it, sealed until used, held while it may change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from procurement.bank_accounts.queries import expect_payable, in_full
from procurement.bank_accounts.rules import NotPayableError, Why, is_payable
from procurement.settings import NAME, ProcurementSettings
from purveyor.db import new_id
from purveyor_contract.bank_details import BankDetails, make_keys, read_keys, seal
from purveyor_contract.events.sourcing.bank_accounts import (
    BankAccountActivated,
    BankAccountChangeRequested,
    BankAccountEnded,
    BankAccountRejected,
    BankAccountsRestated,
    BankAccountVerified,
)
from purveyor_contract.roles import Role
from purveyor_messaging.envelope import Event, ToldEvent

if TYPE_CHECKING:
    from services.procurement.tests.conftest import World

IBAN, NEXT = "DE89370400440532013000", "GB82WEST12345698765432"
OLD_KEYS, _ = make_keys(None, "before")
PRIVATE, PUBLIC = make_keys(OLD_KEYS, "now")
PAYS, DAYS = date(2026, 3, 1), st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
async def banking(lend_database: Callable[[str], Awaitable[str]], issuer: Any) -> AsyncIterator[World]:
    from services.procurement.tests.conftest import world_in  # noqa: PLC0415  # as its neighbours have it

    url = await lend_database(NAME)
    async with world_in(url, issuer, bank_account_private_keys=SecretStr(PRIVATE)) as world:
        yield world


class Told:
    """What sourcing says of one supplier's accounts, and what it told so far."""

    def __init__(self, world: World, keys: str = PUBLIC, supplier_id: UUID | None = None) -> None:
        self.world, self.keys, self.supplier_id = world, keys, supplier_id or new_id()
        self.said: list[Event] = []

    async def __call__(self, *events: Event) -> None:
        for event in events:
            self.said.append(event)
            await self.world.hears(event)

    def requested(self, account: UUID, replaces: UUID | None = None, kind: str = "new") -> Event:
        return BankAccountChangeRequested.model_validate(
            {
                "supplier_id": self.supplier_id,
                "change_id": account,
                "kind": kind,
                "account_id": account if kind != "end" else replaces,
                "replaces_id": replaces if kind == "replace" else None,
                "currency": "EUR",
                "country": "DE",
                "masked": "DE****3000",
                "digest": "00",
                "requested_by": "sue",
                "by_supplier": True,
            }
        )

    def verified(self, account: UUID, iban: str = IBAN, of: UUID | None = None) -> Event:
        details = BankDetails(
            supplier_id=self.supplier_id,
            account_id=of or account,
            holder="Muster GmbH",
            currency="EUR",
            country="DE",
            iban=iban,
        )
        return BankAccountVerified(
            supplier_id=self.supplier_id,
            change_id=account,
            account_id=account,
            pays_from=PAYS,
            sealed=seal(details, read_keys(self.keys)),
            verified_by="anna",
            called_at=self.world.clock(),
        )

    def activated(self, account: UUID, replaces: UUID | None = None, day: date = PAYS) -> Event:
        return BankAccountActivated(
            supplier_id=self.supplier_id,
            change_id=account,
            account_id=account,
            replaces_id=replaces,
            currency="EUR",
            active_from=day,
        )

    async def payable(self, day: date = PAYS, currency: str = "EUR") -> tuple[str | None, int]:
        """Return the account that may be paid to, and how many changes hold it; both ways to ask agree."""
        payer = self.world.person("paula", Role.ACCOUNTS_PAYABLE)
        response = await payer.get(
            f"/v1/suppliers/{self.supplier_id}/payable-account",
            params={"currency": currency, "day": str(day)},
        )
        assert response.status_code == 200, response.text
        account, held_by = response.json()["account"], response.json()["held_by"]
        async with self.world.database.transaction() as tx:
            try:
                expected = str((await expect_payable(tx, self.supplier_id, currency, day)).id)
            except NotPayableError as refused:
                expected = refused.why
        found = None if account is None else account["id"]
        assert expected == (found or (Why.HELD if held_by else Why.NO_ACCOUNT))
        return found, len(held_by)


async def test_a_supplier_that_nobody_knows_has_no_account_to_ask_for(world: World) -> None:
    payer = world.person("paula", Role.ACCOUNTS_PAYABLE)
    answer = await payer.get(f"/v1/suppliers/{new_id()}/payable-account?currency=EUR")
    assert (answer.status_code, answer.json()["code"]) == (404, "supplier_not_found")


async def test_a_supplier_is_paid_to_what_was_verified_and_held_while_it_may_change(banking: World) -> None:
    told = Told(banking, supplier_id=await banking.supplier(()))
    first, second, third = new_id(), new_id(), new_id()
    assert await told.payable() == (None, 0)
    await told(told.requested(first))
    assert await told.payable() == (None, 1)
    assert await told.payable(currency="USD") == (None, 0)
    await told(told.verified(first))
    assert await told.payable() == (None, 1), "until its day"
    await told(told.activated(first))
    assert await told.payable() == (str(first), 0)
    assert await told.payable(PAYS - timedelta(1)) == (None, 0)

    await told(told.requested(second, first, "replace"))
    assert await told.payable() == (None, 1)
    rejected = {"supplier_id": told.supplier_id, "change_id": second, "account_id": second}
    await told(BankAccountRejected(**rejected, reason="forged", rejected_by="anna"))
    assert await told.payable() == (str(first), 0), "as before"
    later = PAYS + timedelta(9)
    await told(
        told.requested(third, first, "replace"),
        told.verified(third, NEXT),
        told.activated(third, first, later),
    )
    assert await told.payable(later - timedelta(1)) == (str(first), 0)
    assert await told.payable(later) == (str(third), 0)

    auditor = banking.person("aud", Role.AUDITOR)
    listed = (await auditor.get("/v1/supplier-bank-accounts?status=active&status=ended")).json()["items"]
    assert {one["masked"] for one in listed} == {"DE****3000"}
    async with banking.database.transaction() as tx:
        account = await expect_payable(tx, told.supplier_id, "EUR", later)
        assert account.sealed is not None
        assert NEXT not in account.sealed
        assert in_full(tx, account).iban == NEXT

    whole = [
        ToldEvent(
            id=new_id(),
            type=event.type_name(),
            sequence=number,
            time=banking.clock(),
            data=event.model_dump(mode="json"),
        )
        for number, event in enumerate(told.said[:3], 1)
    ]
    await told(BankAccountsRestated(supplier_id=told.supplier_id, reason="restored", events=tuple(whole)))
    assert await told.payable(later) == (str(first), 0), "what was lost never was"
    ended = {"supplier_id": told.supplier_id, "change_id": second, "account_id": first, "currency": "EUR"}
    await told(told.requested(second, first, "end"), BankAccountEnded(**ended, ended_on=later))
    assert await told.payable(later) == (None, 0)


async def test_what_is_sealed_for_an_older_key_opens_and_what_is_anothers_does_not(banking: World) -> None:
    _, older = make_keys(None, "unknown")
    old = Told(banking, OLD_KEYS)
    foreign, swapped = Told(banking, older), Told(banking)
    for told, of, opens in ((old, None, True), (foreign, None, False), (swapped, new_id(), False)):
        account = new_id()
        await told(told.requested(account), told.verified(account, of=of), told.activated(account))
        async with banking.database.transaction() as tx:
            payable = await expect_payable(tx, told.supplier_id, "EUR", PAYS)
            if opens:
                assert in_full(tx, payable).iban == IBAN
                continue
            with pytest.raises(NotPayableError) as raised:
                in_full(tx, payable)
        assert raised.value.why is Why.NOT_OPENED
        assert IBAN not in str(raised.value)
    settings = banking.database.settings
    assert isinstance(settings, ProcurementSettings)
    banking.database.settings = settings.model_copy(update={"bank_account_private_keys": None})
    async with banking.database.transaction() as tx:
        with pytest.raises(NotPayableError, match="no keys"):
            in_full(tx, await expect_payable(tx, old.supplier_id, "EUR", PAYS))


def test_a_set_of_keys_is_refused_that_opens_nothing() -> None:
    for written in (
        "",
        "{}",
        '{"keys": []}',
        '{"keys": [{"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "kid": "a"}]}',
    ):
        with pytest.raises(ValueError, match=r"JWK|curve"):
            read_keys(written)


@given(st.lists(DAYS, min_size=1, max_size=5, unique=True).map(sorted), DAYS, st.booleans())
def test_on_each_day_the_account_that_began_last_is_paid_and_none_after_the_end(
    begins: list[date], day: date, ended: bool
) -> None:
    ends = [*begins[1:], begins[-1] + timedelta(30) if ended else None]
    paid = [begin for begin, end in zip(begins, ends, strict=True) if is_payable(begin, end, day)]
    begun = [begin for begin in begins if begin <= day]
    is_over = ends[-1] is not None and day >= ends[-1]
    assert paid == ([] if is_over else begun[-1:])
    assert not is_payable(None, None, day)

"""Bank accounts of suppliers over HTTP: asked for, called back, rejected; read masked."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.countries import Country
from purveyor.days import Moment
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.personal import personal
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import GivenNumber, Name, Prose
from purveyor_contract.roles import Role
from sourcing.bank_accounts import commands, queries
from sourcing.bank_accounts.commands import AccountRequest
from sourcing.bank_accounts.model import BankAccountChange
from sourcing.bank_accounts.rules.calling import Call
from sourcing.bank_accounts.rules.numbers import StatedAccount
from sourcing.bank_accounts.store import rows as store
from sourcing.bank_accounts.views import (
    BankAccountChangeForSupplier,
    BankAccountChangeOut,
    BankAccountInFull,
    BankAccountOut,
    in_full,
    shown,
    shown_to_supplier,
)
from sourcing.suppliers.views.stated import Phone, Reason, ReasonForSupplier

router = APIRouter(prefix="/v1", tags=["bank accounts"], route_class=TransactionRoute)
CHANGES = "/bank-account-changes"
VERIFIERS = (Role.ACCOUNTS_PAYABLE, Role.CATEGORY_MANAGER)
Reader = Annotated[Principal, requires("sourcing:bank-accounts:read", suppliers_too=True)]
Requester = Annotated[
    Principal, requires("sourcing:bank-accounts:write", Role.BUYER, *VERIFIERS, Role.SUPPLIER)
]
Verifier = Annotated[Principal, requires("sourcing:bank-accounts:verify", *VERIFIERS)]
Change = BankAccountChangeOut | BankAccountChangeForSupplier
STATED: dict[str, Any] = {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "currency": "EUR",
    "account": {"holder": "Muster Schrauben GmbH", "iban": "DE89 3704 0044 0532 0130 00"},
    "reason": "We have another bank since November",
}
CALLED: dict[str, Any] = {
    "call": {"number": "+49 89 1234567", "spoke_to": "Erika Muster", "at": "2026-11-20T10:15:00Z"},
    "note": "Its bank is in Austria since it was bought; Ms Muster read the number to me",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountStated(_Part):
    """An account: by its IBAN, or by its number and bank where there are no IBANs."""

    holder: Name | None = Field(
        default=None,
        description="Whose account it is; the supplier's legal name when left out. Another one is warned of",
    )
    iban: GivenNumber | None = Field(
        default=None, description="ISO 13616, in any usual spelling", examples=["DE89 3704 0044 0532 0130 00"]
    )
    number: GivenNumber | None = Field(
        default=None, description="Of a country without IBANs", examples=["000123456789"]
    )
    bank_code: GivenNumber | None = Field(
        default=None,
        description="Of the bank in its country: routing number, BSB, IFSC",
        examples=["021000021"],
    )
    country: Country | None = Field(default=None, description="Where the account is; an IBAN says it")
    bic: GivenNumber | None = Field(
        default=None,
        description="ISO 9362; found by the IBAN where the bank is known",
        examples=["COBADEFFXXX"],
    )


class BankAccountRequest(_Part):
    """Where a supplier is to be paid; without an account, that it is not paid in this currency any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [STATED]})

    supplier_id: UUID
    currency: CurrencyCode
    account: AccountStated | None = Field(
        description="The account that is to be paid, in place of the one that is, if any; null to end that"
    )
    reason: Prose = Field(description="Why; without the account's number, which is shown to nobody")

    def asked(self) -> AccountRequest:
        """Return what is asked for."""
        stated = self.account
        account = None
        if stated is not None:
            account = StatedAccount(stated.country, stated.iban, stated.number, stated.bank_code, stated.bic)
        holder = None if stated is None else stated.holder
        return AccountRequest(self.supplier_id, self.currency, account, holder, self.reason)


class CallStated(_Part):
    """The call that you made to the supplier."""

    model_config = personal("call-backs")

    number: Phone = Field(description="The number that you dialled: one of the supplier's contacts'")
    spoke_to: Name = Field(description="Whom you spoke to")
    at: Moment = Field(description="When")


class Verification(_Part):
    """A call-back: the supplier said at a number known before that the change is right."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALLED]})

    call: CallStated
    note: Prose | None = Field(
        default=None, description="Why it is right although something is warned of; needed then"
    )


class Rejection(_Part):
    """Why a change comes to nothing."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "The supplier knows nothing of it"}]}
    )

    reason: Reason
    reason_for_supplier: ReasonForSupplier = None


@router.post(CHANGES, status_code=201, responses={201: carries(ETAG, LOCATION)})
async def request_bank_account_change(
    tx: Tx, by: Requester, asked: BankAccountRequest, response: Response
) -> Change:
    """Ask for a change of where a supplier is paid; payments in the currency are held from now on.

    It holds once somebody else has called the supplier, and some days have passed.
    """
    if not by.may_see_supplier(asked.supplier_id):
        raise NotFoundError("supplier", asked.supplier_id)
    change = await commands.request(tx, asked.asked(), by_supplier=by.is_supplier)
    response.headers["Location"] = f"{router.prefix}{CHANGES}/{change.id}"
    return await _shown(tx, by, change, response)


@router.get(CHANGES)
async def list_bank_account_changes(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(queries.CHANGES, BankAccountChangeOut, BankAccountChangeForSupplier)],
) -> Page[BankAccountChangeOut] | Page[BankAccountChangeForSupplier]:
    """List changes, those that wait for a call with `?status=requested`; `same_account_at` is read singly."""
    found = await queries.find_changes(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, lambda change: shown_to_supplier(change, change.account))
    return asked.page(found, lambda change: shown(change, change.account, ()))


@router.get(CHANGES + "/{change_id}", responses={200: carries(ETAG)})
async def get_bank_account_change(tx: Tx, by: Reader, change_id: UUID, response: Response) -> Change:
    """Read a change, with what speaks against it and the call that verified it."""
    return await _shown(tx, by, await store.get_change(tx, change_id, by.supplier_id), response)


@router.get(CHANGES + "/{change_id}/account")
async def get_bank_account_in_full(tx: Tx, by: Verifier, change_id: UUID) -> BankAccountInFull:
    """Read the account of a change in full, and whom you may call about it; that you do so is noted."""
    change = await store.get_change(tx, change_id, by.supplier_id)
    account, number, phones = await queries.to_verify(tx, change)
    return in_full(account, number, phones)


@router.post(CHANGES + "/{change_id}:verify")
async def verify_bank_account_change(
    tx: Tx, by: Verifier, change_id: UUID, seen: IfMatch, said: Verification, response: Response
) -> BankAccountChangeOut:
    """Verify a change by the call that you made, to a number known before; not one that you asked for."""
    call = Call(said.call.number, said.call.spoke_to, said.call.at)
    change = await commands.verify(tx, change_id, seen, call, said.note)
    return await _shown_to_us(tx, change, response)


@router.post(CHANGES + "/{change_id}:reject")
async def reject_bank_account_change(
    tx: Tx, by: Requester, change_id: UUID, seen: IfMatch, said: Rejection, response: Response
) -> Change:
    """Reject a change until it holds, also after its verification; a supplier may do so with its own."""
    change = await commands.reject(
        tx, change_id, seen, said.reason, said.reason_for_supplier, supplier_id=by.supplier_id
    )
    return await _shown(tx, by, change, response)


@router.get("/bank-accounts")
async def list_bank_accounts(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.ACCOUNTS, BankAccountOut)]
) -> Page[BankAccountOut]:
    """List accounts, masked: those that are paid with `?status=active`."""
    found = await queries.find_accounts(tx, asked, by.supplier_id)
    return asked.page(found, BankAccountOut.model_validate)


@router.get("/bank-accounts/{account_id}")
async def get_bank_account(tx: Tx, by: Reader, account_id: UUID) -> BankAccountOut:
    """Read an account, masked."""
    return BankAccountOut.model_validate(await store.get_account(tx, account_id, by.supplier_id))


async def _shown(tx: Tx, by: Principal, change: BankAccountChange, response: Response) -> Change:
    if not by.is_supplier:
        return await _shown_to_us(tx, change, response)
    set_etag(response, change)
    return shown_to_supplier(change, await store.get_account(tx, change.account_id, None))


async def _shown_to_us(tx: Tx, change: BankAccountChange, response: Response) -> BankAccountChangeOut:
    set_etag(response, change)
    account = await store.get_account(tx, change.account_id, None)
    return shown(change, account, await store.held_elsewhere(tx, account.digest, change.supplier_id))

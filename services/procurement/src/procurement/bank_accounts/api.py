"""Routes of procurement's copy of bank accounts; they are read here, masked, and changed in sourcing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from procurement.bank_accounts import queries
from procurement.bank_accounts.views import PayableAccount, SupplierBankAccount
from procurement.suppliers.queries import supplier_for
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page

router = APIRouter(prefix="/v1", tags=["bank accounts"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:bank-accounts:read")]


@router.get("/supplier-bank-accounts", summary="Find bank accounts of suppliers")
async def list_supplier_bank_accounts(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.ACCOUNTS, SupplierBankAccount)]
) -> Page[SupplierBankAccount]:
    """Find bank accounts, in the order in which they were asked for; of their numbers the last signs."""
    found = await queries.find_accounts(tx, asked)
    return asked.page(found, SupplierBankAccount.model_validate)


@router.get("/suppliers/{supplier_id}/payable-account", summary="Read where a supplier may be paid")
async def get_payable_account(
    tx: Tx,
    by: Reader,
    supplier_id: UUID,
    currency: Annotated[CurrencyCode, Query(description="What is paid", examples=["EUR"])],
    day: Annotated[Day | None, Query(description="On which day; today (UTC) when left out")] = None,
) -> PayableAccount:
    """Read the account that a supplier may be paid to: none while a change of it is open."""
    await supplier_for(tx, supplier_id, by)
    account, held_by = await queries.payable_account(tx, supplier_id, currency, day or tx.day)
    shown = None if account is None else SupplierBankAccount.model_validate(account)
    return PayableAccount(account=shown, held_by=list(held_by))

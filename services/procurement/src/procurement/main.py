"""Procurement's API: its routers, listed."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from procurement.amendments.api import router as amendments
from procurement.bank_accounts.api import router as bank_accounts
from procurement.blankets.api import router as blankets
from procurement.budgets.api import ROUTERS as BUDGETS
from procurement.categories.api import router as categories
from procurement.contracts.api import router as contracts
from procurement.documents.api import ROUTERS as DOCUMENTS
from procurement.intake.api import router as intake
from procurement.invoices.api import ROUTERS as INVOICES
from procurement.items.api import router as items
from procurement.matching.api import router as matching
from procurement.orders.api import ROUTERS as ORDERS
from procurement.organisation.api import router as organisation
from procurement.people.api import router as people
from procurement.policies import POLICIES
from procurement.promises.api import router as promises
from procurement.rates.api import router as rates
from procurement.receipts.api import router as receipts
from procurement.receipts.store.recording import received_until
from procurement.refusals import REFUSALS
from procurement.requisitions.api import ROUTERS as REQUISITIONS
from procurement.responses.api import router as responses
from procurement.settings import NAME, ProcurementSettings
from procurement.shipments.api import router as shipments
from procurement.sites.api import router as sites
from procurement.suppliers.api import router as suppliers
from procurement.taxes.api import router as taxes
from procurement.terms.api import router as terms
from procurement.worker import CONSUMERS, KINDS, PUBLISHES
from purveyor.http.bulk_jobs import bulk_jobs_router
from purveyor.http.policies import policy_router
from purveyor.http.proposals import proposals_router
from purveyor.service import ServiceContext
from purveyor_approvals.api import TAGS as OF_APPROVALS
from purveyor_approvals.api import approvals_router
from purveyor_contract.api import router as contract
from purveyor_contract.roles import Role
from purveyor_messaging.api import build_app

ROUTERS: tuple[APIRouter, ...] = (
    contract,
    intake,
    *REQUISITIONS,
    *ORDERS,
    *DOCUMENTS,
    blankets,
    contracts,
    amendments,
    promises,
    responses,
    shipments,
    receipts,
    *INVOICES,
    *BUDGETS,
    matching,
    suppliers,
    categories,
    bank_accounts,
    items,
    sites,
    organisation,
    people,
    approvals_router(NAME, KINDS),
    terms,
    taxes,
    rates,
    proposals_router("procurement:import"),
    bulk_jobs_router(Role.BUYER, Role.CATEGORY_MANAGER, Role.ACCOUNTS_PAYABLE, Role.ADMIN),
    policy_router(POLICIES, deciders=(Role.CATEGORY_MANAGER, Role.ADMIN), judged_until=received_until),
)
TAGS = {
    "intake": "One door for every need: which way it goes, why, and where it stands",
    "requisitions": "What our people need, from the draft until it was ordered and came",
    "purchase orders": "What we order, from the draft to the last receipt",
    "documents": "What suppliers send in: order responses and despatch advices, as XML",
    "amendments": "What an order that its supplier has is to say next",
    "contract prices": "What things cost by the contracts of their suppliers, and how that was found",
    "blanket orders": "What may be called off of a supplier until a day, at agreed prices",
    "shipments": "What suppliers have sent, until it has arrived",
    "goods receipts": "What arrived, and what of it was refused",
    "invoices": "What suppliers charge and credit, as it came, and which rules that breaks",
    "budgets": "What may be reserved, committed and spent, and the ledger of it",
    "suppliers": "Whom we may order from, as sourcing has told",
    "categories": "What is bought, as a tree, as sourcing has told",
    "bank accounts": "Where suppliers are paid, as sourcing has told",
    "items": "What is bought again and again",
    "sites": "Where goods are sent to",
    "organisation": "Who orders and pays: business units, cost centres, projects",
    "people": "Who people are in tokens, who stands above them, and how much they approve",
    **OF_APPROVALS,
    "terms": "When we pay, and where goods are handed over",
    "taxes": "Tax codes, with their rates by period",
    "rates": "What one currency was worth in another, on which day",
}


def create_app(context: ServiceContext | None = None) -> FastAPI:
    """Make the API, with settings from the environment unless a context is given."""
    if context is None:
        context = ServiceContext.create(NAME, ProcurementSettings())
    return build_app(
        context,
        ROUTERS,
        title="Procurement",
        description="Purchase orders to approved suppliers, and the goods received against them.",
        tags=TAGS,
        consumers=CONSUMERS,
        refusals=REFUSALS,
        publishes=PUBLISHES,
    )

"""Sourcing's API."""

from __future__ import annotations

from fastapi import FastAPI

from purveyor.http.bulk_jobs import bulk_jobs_router
from purveyor.http.policies import policy_router
from purveyor.http.proposals import proposals_router
from purveyor.service import ServiceContext
from purveyor_contract.api import router as contract
from purveyor_contract.roles import Role
from purveyor_messaging.api import build_app
from sourcing.bank_accounts.api import router as bank_accounts
from sourcing.bids.api import router as bids
from sourcing.categories.api import router as categories
from sourcing.comparison.api import router as comparison
from sourcing.contracts.api.routes import router as contracts
from sourcing.documents.api import router as documents
from sourcing.documents.queries import document_resting_on
from sourcing.due_diligence.api import router as due_diligence
from sourcing.duplicates.api import router as duplicates
from sourcing.duplicates.queries import resembling
from sourcing.evaluations.api import router as evaluations
from sourcing.files.api import Keeping
from sourcing.files.api import router as files
from sourcing.grouping.api import router as grouping
from sourcing.groups.api import router as groups
from sourcing.merging.api import router as merging
from sourcing.onboarding import api as onboarding
from sourcing.policies import POLICIES
from sourcing.qualification.api.cases import router as cases
from sourcing.qualification.api.decisions import router as decisions
from sourcing.qualification.queries import case_resting_on, unqualified
from sourcing.questionnaires.api import router as questionnaires
from sourcing.refusals import REFUSALS
from sourcing.reviews.api import open_review_of
from sourcing.reviews.api import router as reviews
from sourcing.reviews.commands import answer_by_terminating
from sourcing.risk.api import router as risk
from sourcing.scores.api import router as scores
from sourcing.scores.store import scored_until
from sourcing.screening import api as screening
from sourcing.screening.store.hits import confirmed_among
from sourcing.searches.api import router as searches
from sourcing.searches.api import saved_search
from sourcing.segments.api import router as segments
from sourcing.settings import NAME, SourcingSettings
from sourcing.suppliers.api import Qualifying, Reviewing, Searching
from sourcing.suppliers.api import router as suppliers
from sourcing.suppliers.imports.routes import router as imports
from sourcing.tenders.api import parts as tender_parts
from sourcing.tenders.api.tenders import router as tenders
from sourcing.worker import CONSUMERS, PUBLISHES

ROUTERS = (
    contract,
    categories,
    suppliers,
    grouping,
    groups,
    searches,
    comparison,
    files,
    documents,
    imports,
    onboarding.invitations,
    onboarding.access,
    onboarding.changes,
    duplicates,
    merging,
    scores,
    reviews,
    risk,
    segments,
    due_diligence,
    questionnaires,
    cases,
    decisions,
    screening.lists,
    screening.hits,
    screening.names,
    bank_accounts,
    tenders,
    tender_parts.router,
    bids,
    evaluations,
    contracts,
    proposals_router("sourcing:import"),
    bulk_jobs_router(Role.CATEGORY_MANAGER, Role.ADMIN),
    policy_router(POLICIES, deciders=(Role.CATEGORY_MANAGER, Role.ADMIN), judged_until=scored_until),
)
TAGS = {
    "categories": "What is bought, as a tree: who is approved for a category is so for all that lies in it",
    "suppliers": "Whom we know, and what they are approved for",
    "documents": "Certificates and other papers of suppliers, until when they hold, what requires them",
    "files": "What people send as evidence: certificates, answers, photographs",
    "onboarding": "Companies that are invited, who acts for a supplier, and what suppliers propose",
    "reviews": "Suppliers whose score fell, and what was decided",
    "questionnaires": "What suppliers are asked before they are bought from, in editions that never change",
    "qualification": "Whether a supplier may deliver: asked, answered, marked, decided, and for how long",
    "screening": "Suppliers that may be on a list of whom nobody may trade with, and what was decided of it",
    "bank accounts": "Where suppliers are paid, and who vouches for it",
    "tenders": "What suppliers are asked to bid for: who may, by when, and how their bids are sealed",
    "contracts": "What was agreed with suppliers: prices, ceilings, terms, until when, signed by two",
    "due-diligence": "What was found at suppliers, what is done about it, and who complained",
    "risk": "How risky suppliers are, of what, and what was noticed",
    "segments": "Where categories and suppliers stand in the portfolio, and what has moved",
    "scores": "How suppliers were scored, as performance has told",
}


def create_app(context: ServiceContext | None = None) -> FastAPI:
    """Build the API; without a context, from the environment."""
    context = context or ServiceContext.create(NAME, SourcingSettings())
    app = build_app(
        context,
        ROUTERS,
        title="Purveyor sourcing",
        description="Who we buy from: suppliers, what they are approved for, the reviews of their scores.",
        tags=TAGS,
        consumers=CONSUMERS,
        refusals=REFUSALS,
        publishes=PUBLISHES,
    )
    app.state.reviewing = Reviewing(open_review_of, answer_by_terminating, resembling)
    app.state.supplier_of = onboarding.supplier_of(context)
    app.state.qualifying = Qualifying(unqualified)
    app.state.searching = Searching(saved_search)
    app.state.confirmed_hits = confirmed_among
    app.state.keeping = Keeping((document_resting_on, case_resting_on))
    return app

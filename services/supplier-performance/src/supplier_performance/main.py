"""The API of supplier performance."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from purveyor.http.policies import policy_router
from purveyor.service import ServiceContext
from purveyor_contract.api import router as contract
from purveyor_contract.roles import Role
from purveyor_messaging.api import build_app
from supplier_performance.alerts.api import ROUTERS as ALERTS
from supplier_performance.answers.api import router as answers
from supplier_performance.categories.api import router as categories
from supplier_performance.disputes.api import router as disputes
from supplier_performance.evidence.api import router as evidence
from supplier_performance.facts.api import router as facts
from supplier_performance.kpis.api import ROUTERS as KPIS
from supplier_performance.league.api import router as league
from supplier_performance.policies import POLICIES
from supplier_performance.refusals import REFUSALS
from supplier_performance.scorecards.api import router as scorecards
from supplier_performance.scorecards.store import judged_until
from supplier_performance.settings import NAME, SupplierPerformanceSettings
from supplier_performance.shared_metrics.api import router as shared_metrics
from supplier_performance.templates.api import router as templates
from supplier_performance.whatif.api import router as whatif
from supplier_performance.worker import CONSUMERS, PUBLISHES

ROUTERS: tuple[APIRouter, ...] = (
    contract,
    scorecards,
    evidence,
    league,
    categories,
    facts,
    *KPIS,
    templates,
    whatif,
    answers,
    disputes,
    *ALERTS,
    shared_metrics,
    policy_router(POLICIES, deciders=(Role.CATEGORY_MANAGER, Role.ADMIN), judged_until=judged_until),
)
TAGS = {
    "alerts": "Rules over KPIs, tried on history before they ring, and what rang",
    "categories": "What is bought, as a tree, as sourcing has told",
    "kpis": "Figures that are defined as data, and the facts that they are made of",
    "scores": "How well suppliers deliver, and the lines behind each figure",
}


def create_app(context: ServiceContext | None = None) -> FastAPI:
    """Build the API; without a context its settings come from the environment."""
    return build_app(
        context or ServiceContext.create(NAME, SupplierPerformanceSettings()),
        ROUTERS,
        title="Supplier performance",
        description="How well suppliers deliver, scored from purchase orders and goods receipts.",
        tags=TAGS,
        consumers=CONSUMERS,
        refusals=REFUSALS,
        publishes=PUBLISHES,
    )

"""The API of supplier performance."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from purveyor.service import ServiceContext
from purveyor_messaging.api import build_app
from supplier_performance.evidence.api import router as evidence
from supplier_performance.league.api import router as league
from supplier_performance.scorecards.api import router as scorecards
from supplier_performance.settings import NAME, SupplierPerformanceSettings
from supplier_performance.worker import CONSUMERS

ROUTERS: tuple[APIRouter, ...] = (scorecards, evidence, league)


def create_app(context: ServiceContext | None = None) -> FastAPI:
    """Build the API; without a context its settings come from the environment."""
    return build_app(
        context or ServiceContext.create(NAME, SupplierPerformanceSettings()),
        ROUTERS,
        title="Supplier performance",
        description="How well suppliers deliver, scored from purchase orders and goods receipts.",
        consumers=CONSUMERS,
    )

"""Procurement's API: its routers, listed."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from procurement.orders.api import ROUTERS as ORDERS
from procurement.receipts.api import router as receipts
from procurement.settings import NAME, ProcurementSettings
from procurement.sites.api import router as sites
from procurement.suppliers.api import router as suppliers
from procurement.worker import CONSUMERS
from purveyor.service import ServiceContext
from purveyor_messaging.api import build_app

ROUTERS: tuple[APIRouter, ...] = (*ORDERS, receipts, suppliers, sites)


def create_app(context: ServiceContext | None = None) -> FastAPI:
    """Make the API, with settings from the environment unless a context is given."""
    if context is None:
        context = ServiceContext.create(NAME, ProcurementSettings())
    return build_app(
        context,
        ROUTERS,
        title="Procurement",
        description="Purchase orders to approved suppliers, and the goods received against them.",
        consumers=CONSUMERS,
    )

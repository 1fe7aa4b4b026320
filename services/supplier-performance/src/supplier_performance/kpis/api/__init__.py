"""Routes of KPIs: what holds, its versions, its figures, and the facts behind them."""

from __future__ import annotations

from fastapi import APIRouter

from supplier_performance.kpis.api import figures, reads, versions

ROUTERS: tuple[APIRouter, ...] = (reads.router, versions.router, figures.router)

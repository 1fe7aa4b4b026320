"""Routes of alert rules and of alerts."""

from __future__ import annotations

from fastapi import APIRouter

from supplier_performance.alerts.api import alerts, defining

ROUTERS: tuple[APIRouter, ...] = (defining.router, alerts.router)

"""Routes of documents: those that suppliers are sent, and those that come in."""

from __future__ import annotations

from fastapi import APIRouter

from procurement.documents.api import exchanging, inbound, printing

ROUTERS: tuple[APIRouter, ...] = (printing.router, exchanging.router, inbound.router)

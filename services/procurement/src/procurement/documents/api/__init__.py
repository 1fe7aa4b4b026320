"""Routes of documents: those that suppliers are sent, and those that come in."""

from __future__ import annotations

from fastapi import APIRouter

from procurement.documents.api import inbound, printing

ROUTERS: tuple[APIRouter, ...] = (printing.router, inbound.router)

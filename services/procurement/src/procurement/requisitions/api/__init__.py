"""Routes of requisitions and of their templates."""

from __future__ import annotations

from fastapi import APIRouter

from procurement.requisitions.api.drafts import router as drafts
from procurement.requisitions.api.lines import router as lines
from procurement.requisitions.api.moves import router as moves
from procurement.requisitions.api.templates import router as templates

ROUTERS: tuple[APIRouter, ...] = (drafts, moves, lines, templates)

"""Screening over HTTP."""

from sourcing.screening.api.hits import router as hits
from sourcing.screening.api.lists import router as lists
from sourcing.screening.api.names import router as names

__all__ = ["hits", "lists", "names"]

"""One of the suppliers that are compared, with all that is known of it; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sourcing.documents.rules import Standing
from sourcing.segments.model import SegmentRow
from sourcing.suppliers.model import Supplier


@dataclass(frozen=True, slots=True)
class Compared:
    """All that is known of one of the suppliers."""

    supplier: Supplier
    qualified: Mapping[str, Mapping[str, date]]
    """By questionnaire and category, until when."""
    documents: Sequence[Standing]
    risk: Mapping[str, Any]
    spend: Mapping[str, Decimal]
    """By currency."""
    segments: Sequence[SegmentRow]

"""Merges as answers show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sourcing.merging.model import SupplierMerge
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.views.shown import IdentifierOut

MERGE: dict[str, Any] = {
    "supplier_id": "0197a3f2-8b00-7c11-9a01-3f2b1c4d5e6f",
    "into_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "status": "waiting",
    "status_before": "suspended",
    "reason": "Entered twice: same register number",
    "identifiers": [{"scheme": "DUNS", "value": "150483782"}],
    "categories": ["fasteners"],
    "speaks_against": "S-000043, which is the same company, was suspended: three late deliveries in a row",
    "merged_by": "carl",
    "merged_at": "2026-11-20T09:30:00Z",
    "cleared_by": None,
    "cleared_at": None,
    "clear_reason": None,
}


class MergeOut(BaseModel):
    """How a supplier went on as another."""

    model_config = ConfigDict(json_schema_extra={"examples": [MERGE]})

    supplier_id: UUID = Field(description="The one that ended")
    into_id: UUID = Field(description="The one that it was merged into, which may have been merged since")
    status: Literal["waiting", "settled"] = Field(
        description="`waiting`: something that came over keeps from ordering until it is cleared"
    )
    status_before: Status
    reason: str
    identifiers: list[IdentifierOut] = Field(description="The numbers that went over")
    categories: list[str] = Field(description="What the other offers since, of what the one offered")
    speaks_against: str | None = Field(description="Why the other is not ordered from until it is cleared")
    merged_by: str
    merged_at: datetime
    cleared_by: str | None
    cleared_at: datetime | None
    clear_reason: str | None

    @classmethod
    def of(cls, merge: SupplierMerge) -> Self:
        """Show a merge."""
        names = set(cls.model_fields) - {"status", "identifiers"}
        return cls(
            status="waiting" if merge.waits else "settled",
            identifiers=[IdentifierOut(**one) for one in merge.identifiers],
            **{name: getattr(merge, name) for name in names},
        )

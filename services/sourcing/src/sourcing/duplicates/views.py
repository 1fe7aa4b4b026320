"""Pairs of suppliers that may be one, as answers show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.duplicates.model import PossibleDuplicate
from sourcing.duplicates.rules import Resemblance
from sourcing.duplicates.store import Status
from sourcing.suppliers.rules import qualification
from sourcing.suppliers.store.rows import SupplierInBrief

PAIR: dict[str, Any] = {
    "id": "0197a3f2-ad01-7c55-8a3b-9d2f4e6c7b80",
    "status": "open",
    "suppliers": [
        {
            "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
            "number": "S-000042",
            "legal_name": "Muster Schrauben GmbH",
            "status": "approved",
        },
        {
            "id": "0197a3f2-8b00-7c11-9a01-3f2b1c4d5e6f",
            "number": "S-000043",
            "legal_name": "Schrauben Muster KG",
            "status": "registered",
        },
    ],
    "score": "97.0",
    "resemblance": "other_order",
    "found_at": "2026-11-20T09:30:00Z",
    "settled_by": None,
    "settled_at": None,
    "reason": None,
}


class OneOfTwo(BaseModel):
    """A supplier as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    legal_name: str
    status: qualification.Status


class SupplierPairOut(BaseModel):
    """Two suppliers that may be one."""

    model_config = ConfigDict(json_schema_extra={"examples": [PAIR]})

    id: UUID
    status: Status = Field(description="`same`: they were merged; `different`: somebody found that out")
    suppliers: list[OneOfTwo] = Field(description="Both, as they are now")
    score: Points = Field(description="How much their names resemble each other, of 100")
    resemblance: Resemblance = Field(description="Why they may be one")
    found_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, pair: PossibleDuplicate, suppliers: Mapping[UUID, SupplierInBrief]) -> Self:
        """Show a pair with both suppliers as they are now."""
        return cls(
            id=pair.id,
            status="open" if pair.verdict is None else pair.verdict,
            suppliers=[OneOfTwo.model_validate(suppliers[one]) for one in (pair.one_id, pair.other_id)],
            score=pair.score,
            resemblance=pair.resemblance,
            found_at=pair.found_at,
            settled_by=pair.settled_by,
            settled_at=pair.settled_at,
            reason=pair.reason,
        )

"""How disputes are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from supplier_performance.contested.model import Dispute, Status


class DisputeShownForSupplier(BaseModel):
    """A dispute as the supplier sees it itself; what is added here, suppliers learn."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    supplier_id: UUID
    order_id: UUID
    line_number: int = Field(examples=[1])
    reason: str = Field(examples=["Your site refused the delivery on the promised day"])
    status: Status = Field(description="An upheld line counts for nothing", examples=["open"])
    disputed_by: str = Field(examples=["sue"])
    disputed_at: datetime
    answer: str | None = Field(description="Why it was decided so", examples=[None])
    decided_at: datetime | None

    @classmethod
    def of(cls, dispute: Dispute) -> Self:
        """Show a dispute."""
        return cls.model_validate(dispute)


class DisputeShown(DisputeShownForSupplier):
    """A dispute, with who decided it."""

    decided_by: str | None = Field(description="Somebody else than who disputes", examples=[None])

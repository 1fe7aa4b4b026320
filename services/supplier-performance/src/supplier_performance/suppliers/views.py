"""How a supplier is shown."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from supplier_performance.suppliers.rules import SupplierName


class SupplierReference(BaseModel):
    """A supplier as people know it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str | None = Field(examples=["S-000042"])
    name: str | None = Field(examples=["Acme Fasteners GmbH"])
    status: str | None = Field(examples=["approved"])

    @classmethod
    def of(cls, supplier: SupplierName) -> Self:
        """Show a supplier."""
        return cls.model_validate(supplier)

"""Which company a supplier belongs to, on the stream `sourcing.suppliers` of the one that is owned."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from purveyor.decimals import SHORTEST
from purveyor_contract.events.sourcing.suppliers import SupplierEvent


class SupplierGroupChanged(SupplierEvent):
    """The supplier belongs to another company than before, or to none.

    Its own parent is told, not the head of the group: who keeps every supplier's parent finds that. A parent
    that was merged since means the one that it is at present.
    """

    parent_id: UUID | None = Field(description="The supplier that owns it; null: none that we know")
    share: Annotated[Decimal, SHORTEST] | None = Field(
        description="How much of it the parent holds, in percent; null: not known", examples=["75"]
    )
    source: str | None = Field(description="Where that was found", examples=["register of companies"])
    changed_by: str = Field(description="Who may not approve orders to it", examples=["cara.category"])

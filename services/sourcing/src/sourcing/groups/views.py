"""Groups of companies, as it is stated and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.countries import Country
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Line
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.store.belonging import MOST_SHOWN, Group
from sourcing.suppliers.views.shown import ID

HEAD = "0197a3f2-6a10-7c22-8f01-51c2e8a4b7d9"
STATED: dict[str, Any] = {"parent_id": HEAD, "share": "75", "source": "register of companies, 2026-11-02"}


class ParentStated(BaseModel):
    """To which company a supplier belongs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    parent_id: UUID | None = Field(
        description="A supplier, whether or not anybody buys from it; null: it belongs to none"
    )
    share: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2), AS_WRITTEN] | None = Field(
        default=None, description="How much of it that company holds, in percent; null: not known"
    )
    source: Line | None = Field(default=None, description="Where that was found", examples=["register"])

    @model_validator(mode="after")
    def _of_a_parent(self) -> Self:
        if self.parent_id is None and (self.share is not None or self.source is not None):
            raise ValueError("share and source are of a parent: leave them out where there is none")
        return self


class GroupMember(BaseModel):
    """A company of a group."""

    id: UUID
    number: str
    legal_name: str
    country: Country | None
    status: Status
    level: int = Field(description="How many levels below the head, which is 0")
    parent_id: UUID | None = Field(description="To which of them it belongs; null: the head")
    share: Annotated[Decimal, SHORTEST] | None = Field(
        description="How much of it its parent holds, in percent; null: not known", examples=["75"]
    )
    source: str | None = Field(description="Where that was found")


class SupplierGroup(BaseModel):
    """The group that a supplier is of: the head, and what belongs to it, level by level."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "supplier_id": ID,
                    "head_id": HEAD,
                    "members": [
                        {
                            "id": HEAD,
                            "number": "S-000007",
                            "legal_name": "Muster Holding AG",
                            "country": "CH",
                            "status": "registered",
                            "level": 0,
                            "parent_id": None,
                            "share": None,
                            "source": None,
                        },
                        {
                            "id": ID,
                            "number": "S-000042",
                            "legal_name": "Muster Schrauben GmbH",
                            "country": "DE",
                            "status": "approved",
                            "level": 1,
                            "parent_id": HEAD,
                            "share": "75",
                            "source": "register of companies, 2026-11-02",
                        },
                    ],
                    "more": False,
                }
            ]
        }
    )

    supplier_id: UUID = Field(description="Of one that was merged: which it is at present")
    head_id: UUID = Field(description="The company that all others belong to; itself, if it belongs to none")
    members: list[GroupMember]
    more: bool = Field(description=f"Whether there are more than {MOST_SHOWN:,}")

    @classmethod
    def of(cls, group: Group) -> Self:
        """Show a group."""
        members = [
            GroupMember(
                id=one.id,
                number=one.number,
                legal_name=one.legal_name,
                country=one.country,
                status=one.status,
                level=level,
                parent_id=parent_id,
                share=one.share if level else None,
                source=one.source if level else None,
            )
            for one, level, parent_id in group.members
        ]
        return cls(supplier_id=group.supplier_id, head_id=group.head, members=members, more=group.more)

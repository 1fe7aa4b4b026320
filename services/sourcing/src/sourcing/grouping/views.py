"""How suppliers are grouped, as it is stated and shown."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.texts import Reference
from sourcing.suppliers.rules.tags import MOST_TAGS, Tag
from sourcing.suppliers.views.shown import ID, OWNER, TAGS

MOST_REASSIGNED = 1000
Owner = Annotated[Reference, Field(description="Who: the `sub` of their tokens", examples=["bea"])]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS)]


class OwnerStated(BaseModel):
    """Who answers for a supplier."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"owner": "bea"}]})

    owner: Owner | None = Field(description="Null: nobody")


class TagsChanged(BaseModel):
    """Which tags a supplier gets, and which it has no more; others stay."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"add": ["Key account"], "remove": ["new"]}]}
    )

    add: Tags = Field(default=[], description="One that it has already changes nothing")
    remove: Tags = Field(
        default=[], description="One that it has not changes nothing; one that is added stays"
    )


class SupplierGrouping(BaseModel):
    """How a supplier is grouped."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"supplier_id": ID, "owner": "bea", "tags": ["key account"]}]}
    )

    supplier_id: UUID
    owner: str | None = Field(description=OWNER)
    tags: list[str] = Field(description=TAGS)


class Reassignment(BaseModel):
    """Whose suppliers become whose."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from_owner": "bea", "to_owner": "carla"}]}
    )

    from_owner: Owner
    to_owner: Owner | None = Field(description="Null: nobody answers for them any more")
    supplier_ids: list[UUID] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_REASSIGNED,
        description="Those of these only; left out: all of them",
    )

    @model_validator(mode="after")
    def _to_another(self) -> Self:
        if self.from_owner == self.to_owner:
            raise ValueError("they belong to that person already")
        return self


class Reassigned(BaseModel):
    """How many suppliers have another owner now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reassigned": 312, "more": False}]})

    reassigned: int
    more: bool = Field(description=f"Whether there are more than {MOST_REASSIGNED:,}: send it again")

"""Saved searches as they are stated and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from purveyor.errors import FieldError, InvalidError
from purveyor.http.lists import filters_of, search_form
from purveyor.texts import Line
from sourcing.searches.model import SupplierSearch
from sourcing.searches.rules import SearchStated
from sourcing.suppliers.rules.search import search_patterns
from sourcing.suppliers.store.finding import SUPPLIERS
from sourcing.suppliers.views.shown import ID

SHARED = "Whether all of our people who read suppliers have it too; they cannot change it"
STATED: dict[str, Any] = {
    "name": "Approved in Germany",
    "shared": True,
    "filters": {"status": ["approved"], "country": ["DE"]},
    "sort": "-score",
}
FORM: Any = search_form(SUPPLIERS, "SupplierQuestion")
"""What the list of suppliers can be asked, as its parameters say."""


class SupplierSearchStated(FORM):  # type: ignore[misc]  # made of what the list declares
    """A search to save, whole: what is asked and in which order, as `GET /v1/suppliers` takes it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    name: Line = Field(description="No two of one owner are called alike, whatever their case")
    shared: bool = Field(default=False, description=SHARED)

    def stated(self) -> SearchStated:
        """Return what it states; raises InvalidError for what the list would refuse."""
        asked = filters_of(SUPPLIERS, self.filters)
        if "q" in asked and not search_patterns(asked["q"]):
            raise InvalidError(
                "query_empty", "Search for letters or digits.", errors=[FieldError("/filters/q", "No words.")]
            )
        filters = self.filters.model_dump(mode="json", exclude_none=True)
        return SearchStated(self.name, self.shared, filters, self.sort)


class SupplierSearchOut(BaseModel):
    """A saved search; `GET /v1/suppliers?search=` asks it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [STATED | {"id": ID, "owner": "bea", "saved_at": "2026-11-20T09:30:00Z"}]
        }
    )

    id: UUID
    owner: str
    name: str
    shared: bool = Field(description=SHARED)
    filters: dict[str, Any] = Field(
        description="Values by the filters' names: a list where a filter may be repeated"
    )
    sort: str | None
    saved_at: datetime

    @classmethod
    def of(cls, search: SupplierSearch) -> Self:
        """Return what is shown of a search."""
        return cls.model_validate(search, from_attributes=True)


def asked_by(search: SupplierSearch) -> tuple[dict[str, Any], str | None]:
    """Return the filters of a search, as the list takes them, and its sort.

    Raises InvalidError where the list has changed since it was saved, and takes them no more.
    """
    try:
        question = FORM.model_validate({"filters": search.filters, "sort": search.sort})
    except ValidationError as error:
        raise InvalidError(
            "search_outdated",
            f"The list of suppliers no longer takes what {search.name} asks.",
            errors=[FieldError("/query/search", "Let its owner save it anew.")],
        ) from error
    return filters_of(SUPPLIERS, question.filters), question.sort

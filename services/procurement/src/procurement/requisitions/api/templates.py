"""Routes of templates: what is needed again and again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.requisitions import commands, model, queries
from procurement.requisitions.api.drafts import Author, LineContentIn, NeededBy, Reader, created
from procurement.requisitions.queries import TEMPLATES
from procurement.requisitions.rules.stated import MOST_LINES, Template, TemplateLine
from procurement.requisitions.views import CONTENT, TEMPLATE, Requisition, RequisitionTemplate
from procurement.stated import stated_as
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, Line, Name, Prose

router = APIRouter(prefix="/v1/requisition-templates", tags=["requisitions"], route_class=TransactionRoute)


class TemplateLineIn(LineContentIn):
    """A line of a template as its author states it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT | {"need_in_days": 14}]})

    need_in_days: int = Field(
        default=14, ge=0, le=3650, description="How many days after it is drafted it is needed"
    )


class RequisitionTemplateIn(BaseModel):
    """A template as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TEMPLATE]})

    name: Name
    title: Line = Field(description="Of the requisitions that are drafted with it")
    business_unit: Code
    currency: CurrencyCode = Field(description="In which the prices are estimated")
    justification: Prose | None = None
    lines: list[TemplateLineIn] = Field(min_length=1, max_length=MOST_LINES)

    def template(self) -> Template:
        """Return what its author states."""
        lines = [TemplateLine(**line.content(place)) for place, line in enumerate(self.lines, start=1)]
        names = ("title", "business_unit", "currency", "justification")
        return Template(**{name: getattr(self, name) for name in names}, lines=tuple(lines))


@router.put(
    "/{code}",
    summary="Create or change a template",
    responses={201: {"model": RequisitionTemplate, "description": "Created"}},
)
async def put_requisition_template(
    code: Code,
    body: RequisitionTemplateIn,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatchWhenPresent = None,
) -> RequisitionTemplate:
    """Create a template, or change it (with its ETag); the same again changes nothing."""
    done = await commands.put_template(tx, code, body.name, body.template(), seen)
    response.status_code = 201 if done.created else 200
    set_etag(response, done.row)
    return RequisitionTemplate.of(done.row)


@router.get("", summary="List templates")
async def list_requisition_templates(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(TEMPLATES, RequisitionTemplate)]
) -> Page[RequisitionTemplate]:
    """List templates, by their codes unless another order is asked for."""
    return asked.page(await queries.find_templates(tx, asked), RequisitionTemplate.of)


@router.get("/{code}", summary="Read a template", responses={200: carries(ETAG)})
async def get_requisition_template(code: Code, response: Response, tx: Tx, by: Reader) -> RequisitionTemplate:
    """Read a template."""
    absent = NotFoundError("requisition template", code)
    found = await stated_as(tx, model.RequisitionTemplate, code, absent)
    set_etag(response, found)
    return RequisitionTemplate.of(found)


@router.post(
    "/{code}:use",
    status_code=201,
    summary="Draft a requisition with a template",
    responses={201: carries(ETAG, LOCATION)},
)
async def use_requisition_template(
    code: Code, body: NeededBy, response: Response, tx: Tx, by: Author
) -> Requisition:
    """Draft what a template says, needed in as many days as it says; its author is who uses it."""
    return created(response, await commands.use_template(tx, code, body.need_by))

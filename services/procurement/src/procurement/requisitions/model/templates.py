"""A template of requisitions, as it was stated."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.requisitions.rules.stated import Template
from procurement.stated import Stated
from purveyor.changes import Changing

TEMPLATES = TypeAdapter(Template)


class RequisitionTemplate(Changing, Stated):
    """What is needed again and again, under a code; who uses it writes a requisition of their own."""

    __tablename__ = "requisition_template"
    __table_args__ = (Index("ix_requisition_template_changed_in", "changed_in", "code"),)

    name: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]

    def template(self) -> Template:
        """Return what it states."""
        return TEMPLATES.validate_python(self.content)


def kept(template: Template) -> dict[str, Any]:
    """Return what a template states as it is kept."""
    found: dict[str, Any] = TEMPLATES.dump_python(template, mode="json")
    return found

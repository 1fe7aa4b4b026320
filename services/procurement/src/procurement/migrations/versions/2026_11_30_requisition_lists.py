"""Requisitions and templates are asked for by what changed of them."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_requisition_lists"
down_revision = "2026_11_30_requisitions"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_requisition_changed_in", "requisition (changed_in, id)")
    create_index_concurrently("ix_requisition_template_changed_in", "requisition_template (changed_in, code)")

"""Find suppliers by what their names look like, and those to index anew."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_likeness_index"
down_revision = "2026_11_29_likeness"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_supplier_likeness", "supplier (likeness, id)")
    create_index_concurrently("ix_supplier_search_form", "supplier (search_form)")

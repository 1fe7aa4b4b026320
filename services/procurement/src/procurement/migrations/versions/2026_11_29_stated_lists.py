"""What changed of items, the organisation, terms and tax codes is found by an index."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_stated_lists"
down_revision = "2026_11_29_stated_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("item", "business_unit", "cost_centre", "project", "payment_terms", "tax_code"):
        create_index_concurrently(f"ix_{table}_changed_in", f"{table} (changed_in, code)")
    create_index_concurrently("ix_tax_code_category_code", "tax_code (category, code)")

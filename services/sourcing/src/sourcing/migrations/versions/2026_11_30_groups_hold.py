"""What suppliers say of the company that they belong to holds, and its companies are found."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_groups_hold"
down_revision = "2026_11_30_groups_of_companies"
release = "0.1.0"
phase = "before"

HELD = (
    "fk_supplier_parent_id_supplier",
    "ck_supplier_parent_is_another",
    "ck_supplier_parent_share",
    "ck_supplier_parent",
)


def upgrade() -> None:
    create_index_concurrently(
        "ix_supplier_parent_id", "supplier (parent_id, number) WHERE parent_id IS NOT NULL"
    )
    for constraint in HELD:
        op.execute(f"ALTER TABLE supplier VALIDATE CONSTRAINT {constraint}")

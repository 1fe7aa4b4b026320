"""What is held of suppliers that end as others holds for those that there are, too; they are found."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_merging_holds"
down_revision = "2026_11_29_merging"
release = "0.1.0"
phase = "before"

RULES = (
    *("ck_supplier_status", "ck_supplier_merged", "ck_supplier_merged_into_another"),
    *("ck_supplier_merged_by_somebody", "ck_supplier_withdrawn", "ck_supplier_author_does_not_merge"),
    *("ck_supplier_author_does_not_withdraw", "fk_supplier_merged_into_supplier"),
)


def upgrade() -> None:
    create_index_concurrently(
        "ix_supplier_merged_into", "supplier (merged_into) WHERE merged_into IS NOT NULL"
    )
    for name in RULES:
        op.execute(f"ALTER TABLE supplier VALIDATE CONSTRAINT {name}")

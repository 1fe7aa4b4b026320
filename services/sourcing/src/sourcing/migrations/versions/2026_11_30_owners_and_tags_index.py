"""Find suppliers by who answers for them and by their tags."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_owners_and_tags_index"
down_revision = "2026_11_30_owners_and_tags"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_supplier_owner", "supplier (owner, number)")
    create_index_concurrently("ix_supplier_tags", "supplier USING gin (tags)")
    op.execute("ALTER TABLE supplier VALIDATE CONSTRAINT ck_supplier_tags")

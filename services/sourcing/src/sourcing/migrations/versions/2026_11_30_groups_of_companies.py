"""A supplier knows to which company it belongs."""

from alembic import op

revision = "2026_11_30_groups_of_companies"
down_revision = "2026_11_30_tenders"
release = "0.1.0"
phase = "before"

CHECKS = {
    "parent_is_another": "parent_id <> id",
    "parent_share": "parent_share > 0 AND parent_share <= 100",
    "parent": "parent_id IS NOT NULL OR num_nonnulls(parent_share, parent_source) = 0",
}


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN parent_id uuid")
    op.execute("ALTER TABLE supplier ADD COLUMN parent_share numeric(5, 2)")
    op.execute("ALTER TABLE supplier ADD COLUMN parent_source text")
    op.execute(
        "ALTER TABLE supplier ADD CONSTRAINT fk_supplier_parent_id_supplier FOREIGN KEY (parent_id)"
        " REFERENCES supplier (id) NOT VALID"
    )
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE supplier ADD CONSTRAINT ck_supplier_{name} CHECK ({condition}) NOT VALID")

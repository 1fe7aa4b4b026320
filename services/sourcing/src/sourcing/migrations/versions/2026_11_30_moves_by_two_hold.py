"""Who moves a category is not who asked for it, in what there is, too."""

from alembic import op

revision = "2026_11_30_moves_by_two_hold"
down_revision = "2026_11_30_moves_by_two"
release = "0.1.0"
phase = "before"

RULES = ("ck_category_proposed_wholly", "ck_category_moved_wholly", "ck_category_moved_by_another")


def upgrade() -> None:
    for name in RULES:
        op.execute(f"ALTER TABLE category VALIDATE CONSTRAINT {name}")
    op.execute("ALTER TABLE category_version VALIDATE CONSTRAINT ck_category_version_moved_by_another")

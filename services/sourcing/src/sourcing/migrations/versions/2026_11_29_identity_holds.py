"""What keeps an unconfirmed supplier from being approved holds for those that there are, too."""

from alembic import op

revision = "2026_11_29_identity_holds"
down_revision = "2026_11_29_identity"
release = "0.1.0"
phase = "before"

RULES = ("status", "approved_as_it_is", "unconfirmed", "author_does_not_confirm", "changed_is_confirmed")


def upgrade() -> None:
    for name in RULES:
        op.execute(f"ALTER TABLE supplier VALIDATE CONSTRAINT ck_supplier_{name}")

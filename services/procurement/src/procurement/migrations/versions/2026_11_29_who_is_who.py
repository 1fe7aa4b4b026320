"""Business units and sites say who and where they are to machines; suppliers' numbers are known here, too."""

from alembic import op

revision = "2026_11_29_who_is_who"
down_revision = "2026_11_29_responses"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN identifiers jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE business_unit ADD COLUMN electronic jsonb")
    op.execute("ALTER TABLE site ADD COLUMN address jsonb, ADD COLUMN gln text")

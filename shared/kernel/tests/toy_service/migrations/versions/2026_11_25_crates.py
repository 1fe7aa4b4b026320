"""Crates."""

from alembic import op

revision = "2026_11_25_crates"
down_revision = None
branch_labels = ("toy_service",)
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE crate (
          id uuid CONSTRAINT pk_crate PRIMARY KEY,
          version integer NOT NULL,
          sequence integer NOT NULL,
          label varchar NOT NULL CONSTRAINT uq_crate_label UNIQUE,
          apples integer NOT NULL CONSTRAINT ck_crate_apples CHECK (apples >= 0)
        )
        """
    )

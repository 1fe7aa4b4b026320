"""What suppliers are graded, as supplier performance told it last."""

from alembic import op

revision = "2026_11_30_supplier_grades"
down_revision = "2026_11_30_authors_of_sites_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE supplier_grade (
          supplier_id uuid NOT NULL,
          grade text,
          CONSTRAINT pk_supplier_grade PRIMARY KEY (supplier_id)
        )
        """
    )

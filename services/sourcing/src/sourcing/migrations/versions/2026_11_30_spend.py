"""What is ordered of suppliers, line by line, as procurement tells it."""

from alembic import op

revision = "2026_11_30_spend"
down_revision = "2026_11_30_supplier_searches"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE ordered_line (
      order_id uuid NOT NULL,
      line_number integer NOT NULL,
      supplier_id uuid NOT NULL,
      category text NOT NULL,
      ordered_on date,
      currency varchar(3) NOT NULL,
      amount numeric NOT NULL,
      quantity numeric NOT NULL,
      called_off numeric NOT NULL DEFAULT 0,
      received numeric NOT NULL DEFAULT 0,
      CONSTRAINT pk_ordered_line PRIMARY KEY (order_id, line_number)
    )
    """,
    "CREATE INDEX ix_ordered_line_ordered_on ON ordered_line (ordered_on)",
    "CREATE INDEX ix_ordered_line_supplier_id ON ordered_line (supplier_id, ordered_on)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

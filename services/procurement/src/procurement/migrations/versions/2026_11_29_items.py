"""Items, and the GTINs that are printed on their units."""

from alembic import op

revision = "2026_11_29_items"
down_revision = "2026_11_29_site_periods"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE item (
      id uuid CONSTRAINT pk_item PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      code text NOT NULL CONSTRAINT uq_item_code UNIQUE,
      description text NOT NULL,
      category text NOT NULL,
      base_unit text NOT NULL,
      conversions jsonb NOT NULL,
      gtin text,
      makers jsonb NOT NULL,
      order_multiple numeric CONSTRAINT ck_item_order_multiple CHECK (order_multiple > 0),
      minimum_quantity numeric CONSTRAINT ck_item_minimum_quantity CHECK (minimum_quantity > 0),
      lead_time_days integer CONSTRAINT ck_item_lead_time_days CHECK (lead_time_days >= 0),
      over_receipt_tolerance numeric
        CONSTRAINT ck_item_over_receipt_tolerance CHECK (over_receipt_tolerance BETWEEN 0 AND 100),
      under_receipt_tolerance numeric
        CONSTRAINT ck_item_under_receipt_tolerance CHECK (under_receipt_tolerance BETWEEN 0 AND 100),
      inspection_needed boolean NOT NULL,
      hs_code text,
      tax_category text CONSTRAINT ck_item_tax_category
        CHECK (tax_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')),
      retired_from date,
      words text[] NOT NULL
    )
    """,
    "CREATE INDEX ix_item_category_code ON item (category, code)",
    "CREATE INDEX ix_item_words ON item USING gin (array_to_tsvector(words))",
    """
    CREATE TABLE item_gtin (
      gtin text CONSTRAINT pk_item_gtin PRIMARY KEY,
      item_id uuid NOT NULL CONSTRAINT fk_item_gtin_item_id_item REFERENCES item,
      unit text NOT NULL
    )
    """,
    "CREATE INDEX ix_item_gtin_item_id ON item_gtin (item_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

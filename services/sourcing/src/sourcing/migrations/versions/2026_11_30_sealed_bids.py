"""Bids: sealed until their tender's openers open them."""

from alembic import op

revision = "2026_11_30_sealed_bids"
down_revision = "2026_11_30_groups_hold"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE sealed_bid (
      tender_id uuid CONSTRAINT fk_sealed_bid_tender_id_tender REFERENCES tender (id),
      supplier_id uuid CONSTRAINT fk_sealed_bid_supplier_id_supplier REFERENCES supplier (id),
      number integer CONSTRAINT ck_sealed_bid_number CHECK (number > 0),
      content bytea,
      wrapped bytea,
      digest bytea,
      edition integer NOT NULL,
      received_at timestamptz NOT NULL,
      received_from text NOT NULL,
      CONSTRAINT pk_sealed_bid PRIMARY KEY (tender_id, supplier_id, number),
      CONSTRAINT ck_sealed_bid_sealed_wholly CHECK (num_nonnulls(content, wrapped, digest) IN (0, 3))
    )
    """,
    """
    CREATE TABLE opened_bid (
      id uuid CONSTRAINT pk_opened_bid PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      tender_id uuid NOT NULL CONSTRAINT fk_opened_bid_tender_id_tender REFERENCES tender (id),
      supplier_id uuid NOT NULL CONSTRAINT fk_opened_bid_supplier_id_supplier REFERENCES supplier (id),
      number integer NOT NULL,
      received_at timestamptz NOT NULL,
      digest bytea NOT NULL,
      content jsonb,
      counts boolean NOT NULL,
      why_not text,
      opened_at timestamptz NOT NULL,
      CONSTRAINT uq_opened_bid_tender_id_supplier_id UNIQUE (tender_id, supplier_id),
      CONSTRAINT ck_opened_bid_counts CHECK (counts = (why_not IS NULL)),
      CONSTRAINT ck_opened_bid_content CHECK (content IS NOT NULL OR NOT counts)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

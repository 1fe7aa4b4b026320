"""Where categories and suppliers stand in the portfolio, from when until when."""

from alembic import op

revision = "2026_11_30_segments"
down_revision = "2026_11_30_spend"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE segment (
      id uuid CONSTRAINT pk_segment PRIMARY KEY,
      position uuid NOT NULL,
      category text NOT NULL,
      supplier_id uuid CONSTRAINT fk_segment_supplier_id_supplier REFERENCES supplier (id),
      currency varchar(3),
      quadrant text CONSTRAINT ck_segment_quadrant CHECK
        (quadrant IN ('non_critical', 'leverage', 'bottleneck', 'strategic')),
      lacks text[] NOT NULL,
      from_on date NOT NULL,
      ended_on date,
      as_of date NOT NULL,
      policy_version integer NOT NULL,
      spend numeric NOT NULL,
      total numeric NOT NULL,
      share numeric(5, 2),
      share_of_category numeric(5, 2),
      share_high_from numeric(5, 2) NOT NULL,
      suppliers integer NOT NULL,
      scarcity numeric(4, 1) NOT NULL,
      scarcity_weight integer NOT NULL,
      assessed integer NOT NULL,
      risk numeric(4, 1),
      risk_points numeric(4, 1),
      risk_high_from numeric(4, 1) NOT NULL,
      CONSTRAINT ck_segment_lacks CHECK ((quadrant IS NULL) = (cardinality(lacks) > 0)),
      CONSTRAINT ck_segment_ended CHECK (ended_on >= from_on)
    )
    """,
    "CREATE UNIQUE INDEX uq_segment_current ON segment (position) WHERE ended_on IS NULL",
    "CREATE INDEX ix_segment_position ON segment (position, from_on)",
    "CREATE INDEX ix_segment_from_on ON segment (from_on, id)",
    "CREATE INDEX ix_segment_as_of ON segment (as_of)",
    "CREATE INDEX ix_segment_category ON segment (category, id)",
    "CREATE INDEX ix_segment_supplier_id ON segment (supplier_id, id)",
    "CREATE INDEX ix_segment_quadrant ON segment (quadrant, id) WHERE ended_on IS NULL",
    "CREATE INDEX ix_segment_currency ON segment (currency, id) WHERE ended_on IS NULL",
    "CREATE INDEX ix_segment_share ON segment (coalesce(share, -1.00), id) WHERE ended_on IS NULL",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

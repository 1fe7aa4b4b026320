"""KPIs that people define: versions of each, of which one is drafted and one is in force at most."""

from alembic import op

revision = "2026_11_30_kpis"
down_revision = "2026_11_30_moved_promises"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE kpi (
      id uuid CONSTRAINT pk_kpi PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      code text NOT NULL CONSTRAINT uq_kpi_code UNIQUE
    )
    """,
    """
    CREATE TABLE kpi_version (
      kpi_id uuid NOT NULL CONSTRAINT fk_kpi_version_kpi_id_kpi REFERENCES kpi (id),
      number integer NOT NULL CONSTRAINT ck_kpi_version_number CHECK (number > 0),
      version integer NOT NULL,
      status text NOT NULL
        CONSTRAINT ck_kpi_version_status CHECK (status IN ('draft', 'active', 'superseded')),
      title text NOT NULL,
      formula text NOT NULL,
      standard text,
      definition jsonb NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      drafted_at timestamptz NOT NULL,
      activated_by text,
      activated_at timestamptz,
      CONSTRAINT pk_kpi_version PRIMARY KEY (kpi_id, number),
      CONSTRAINT ck_kpi_version_activated
        CHECK (
          (status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL)
        ),
      CONSTRAINT ck_kpi_version_activated_by_another
        CHECK (activated_by IS NULL OR activated_by <> ALL (authors))
    )
    """,
    "CREATE UNIQUE INDEX uq_kpi_version_draft ON kpi_version (kpi_id) WHERE status = 'draft'",
    "CREATE UNIQUE INDEX uq_kpi_version_active ON kpi_version (kpi_id) WHERE status = 'active'",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

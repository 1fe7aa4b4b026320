"""Scorecard templates: versions of each, of which one is drafted and one is in force at most."""

from alembic import op

revision = "2026_11_30_templates"
down_revision = "2026_11_30_kept_facts"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE scorecard_template (
      id uuid CONSTRAINT pk_scorecard_template PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      code text NOT NULL CONSTRAINT uq_scorecard_template_code UNIQUE
    )
    """,
    """
    CREATE TABLE template_version (
      template_id uuid NOT NULL
        CONSTRAINT fk_template_version_template_id_scorecard_template REFERENCES scorecard_template (id),
      number integer NOT NULL CONSTRAINT ck_template_version_number CHECK (number > 0),
      version integer NOT NULL,
      status text NOT NULL
        CONSTRAINT ck_template_version_status CHECK (status IN ('draft', 'active', 'superseded')),
      stated jsonb NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      drafted_at timestamptz NOT NULL,
      activated_by text,
      activated_at timestamptz,
      CONSTRAINT pk_template_version PRIMARY KEY (template_id, number),
      CONSTRAINT ck_template_version_activated
        CHECK (
          (status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL)
        ),
      CONSTRAINT ck_template_version_activated_by_another
        CHECK (activated_by IS NULL OR activated_by <> ALL (authors))
    )
    """,
    "CREATE UNIQUE INDEX uq_template_version_draft ON template_version (template_id) WHERE status = 'draft'",
    "CREATE UNIQUE INDEX uq_template_version_active ON template_version (template_id) "
    "WHERE status = 'active'",
    "ALTER TABLE scorecard ADD COLUMN card jsonb",
    "ALTER TABLE score_history ADD COLUMN card jsonb",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

"""Questionnaires, in editions of which one is drafted and one is published at most."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_questionnaires"
down_revision = "2026_11_29_blocks"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLE = """
CREATE TABLE questionnaire (
  id uuid CONSTRAINT pk_questionnaire PRIMARY KEY,
  version integer NOT NULL,
  code text NOT NULL,
  edition integer NOT NULL CONSTRAINT ck_questionnaire_edition CHECK (edition > 0),
  status text NOT NULL
    CONSTRAINT ck_questionnaire_status CHECK (status IN ('draft', 'published', 'retired')),
  title text NOT NULL,
  category text,
  region text,
  required boolean NOT NULL,
  pass_mark numeric(4, 1) CONSTRAINT ck_questionnaire_pass_mark CHECK (pass_mark BETWEEN 0 AND 100),
  conditional_mark numeric(4, 1),
  sections jsonb NOT NULL,
  drafted_by text NOT NULL,
  drafted_at timestamptz NOT NULL,
  published_by text,
  published_at timestamptz,
  CONSTRAINT uq_questionnaire_code_edition UNIQUE (code, edition),
  CONSTRAINT ck_questionnaire_published_wholly CHECK ((published_at IS NULL) = (published_by IS NULL)),
  CONSTRAINT ck_questionnaire_published CHECK (status <> 'published' OR published_at IS NOT NULL),
  CONSTRAINT ck_questionnaire_conditional_mark CHECK (conditional_mark <= pass_mark)
)
"""
INDEXES = (
    "CREATE UNIQUE INDEX uq_questionnaire_draft ON questionnaire (code) WHERE status = 'draft'",
    "CREATE UNIQUE INDEX uq_questionnaire_published ON questionnaire (code) WHERE status = 'published'",
    "CREATE INDEX ix_questionnaire_code_id ON questionnaire (code, id)",
    "CREATE INDEX ix_questionnaire_status_id ON questionnaire (status, id)",
    "CREATE INDEX ix_questionnaire_category_id ON questionnaire (category, id)",
    "CREATE INDEX ix_questionnaire_region_id ON questionnaire (region, id)",
    "CREATE INDEX ix_questionnaire_required_id ON questionnaire (required, id)",
    "CREATE INDEX ix_questionnaire_changed_in ON questionnaire (changed_in, id)",
)


def upgrade() -> None:
    op.execute(TABLE)
    note_changes_of("questionnaire")
    for index in INDEXES:
        op.execute(index)

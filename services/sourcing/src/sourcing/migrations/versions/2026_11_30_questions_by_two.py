"""Who drafts an edition of a questionnaire does not publish it; what is required is retired by two.

Authors of editions that there are, are told by the audit trail; what one of them published stays as it was.
"""

from alembic import op

revision = "2026_11_30_questions_by_two"
down_revision = "2026_11_30_earlier_marks"
release = "0.1.0"
phase = "before"

CHANGE = """
ALTER TABLE questionnaire
  ADD COLUMN authors text[] NOT NULL DEFAULT '{}',
  ADD COLUMN retirement_asked_by text,
  ADD COLUMN retired_by text,
  ADD CONSTRAINT ck_questionnaire_published_by_another
    CHECK (published_by IS NULL OR published_by <> ALL (authors)) NOT VALID,
  ADD CONSTRAINT ck_questionnaire_retired_by_two CHECK (retired_by <> retirement_asked_by) NOT VALID,
  ADD CONSTRAINT ck_questionnaire_retired_by_another
    CHECK (retirement_asked_by IS NULL OR retired_by IS NULL OR retired_by <> ALL (authors)) NOT VALID
"""
AUTHORS = """
UPDATE questionnaire AS q SET authors = told.authors
FROM (
  SELECT known.id, array_agg(DISTINCT author.name) AS authors
  FROM questionnaire AS known
  CROSS JOIN LATERAL (
    SELECT known.drafted_by
    UNION
    SELECT actor FROM audit_record
    WHERE entity = 'questionnaire' AND entity_id = known.id::text AND action IN ('draft', 'change')
  ) AS author (name)
  WHERE known.published_by IS NULL
  GROUP BY known.id
) AS told
WHERE q.id = told.id
"""


def upgrade() -> None:
    op.execute(CHANGE)
    op.execute(AUTHORS)

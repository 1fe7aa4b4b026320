"""What keeps people apart who draft, publish and retire questionnaires holds for what there is, too."""

from alembic import op

revision = "2026_11_30_questions_by_two_hold"
down_revision = "2026_11_30_questions_by_two"
release = "0.1.0"
phase = "before"

RULES = (
    "ck_questionnaire_published_by_another",
    "ck_questionnaire_retired_by_two",
    "ck_questionnaire_retired_by_another",
)


def upgrade() -> None:
    for name in RULES:
        op.execute(f"ALTER TABLE questionnaire VALIDATE CONSTRAINT {name}")

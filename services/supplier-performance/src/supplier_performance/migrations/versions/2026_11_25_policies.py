"""Policies; what suppliers were last judged by, set in the environment, becomes the first version of each."""

from alembic import op

revision = "2026_11_25_policies"
down_revision = "2026_11_25_scorecards"
depends_on = "2026_11_25_policy_versions"
release = "0.1.0"
phase = "before"

FIRST_VERSIONS = """
INSERT INTO policy_version (policy, version, valid_from, value, reason, recorded_at, recorded_by)
SELECT policy, 1, DATE '1900-01-01', value, 'In force before versions were kept', now(), 'migration'
FROM (SELECT rules FROM scorecard ORDER BY judged_at DESC LIMIT 1) AS latest
CROSS JOIN LATERAL (VALUES
  ('on-time', jsonb_build_object('grace_days', rules -> 'grace_days'), '{"grace_days": 0}'),
  ('rolling-window', jsonb_build_object('days', rules -> 'window_days'), '{"days": 365}'),
  ('scoring', rules - 'grace_days' - 'window_days', '{
    "weights": {"on_time": 40, "in_full": 20, "quality": 25, "punctuality": 15},
    "grading": {"a": "90", "b": "75", "c": "60", "d": "40"},
    "minimum_lines": 3, "worst_ppm": "50000", "worst_days": "30"
  }')
) AS decided (policy, value, by_default)
WHERE value <> by_default::jsonb
"""


def upgrade() -> None:
    op.execute("ALTER TABLE scorecard ADD COLUMN policy_versions jsonb")
    op.execute("ALTER TABLE score_history ADD COLUMN policy_versions jsonb")
    op.execute(FIRST_VERSIONS)

"""What waits for its seal can be sealed, and since when it waits is the database's word, not the writer's.

The check stays `NOT VALID`: a record that breaks it is evidence, can never be changed, and is set aside.
"""

from alembic import op

revision = "2026_11_29_audit_waits"
down_revision = "2026_11_29_import_proposals"
branch_labels = None
release = "0.1.0"
phase = "before"

STATEMENTS = (
    "ALTER TABLE audit_record ADD COLUMN written_at timestamptz DEFAULT now()",
    # Beyond these moments no calendar of the code reaches; some numbers are short as jsonb, and gigabytes as
    # the text that is hashed.
    """
    ALTER TABLE audit_record ADD CONSTRAINT ck_audit_record_can_be_sealed CHECK (
      at >= timestamptz '0001-01-01 00:00:00+00' AND at < timestamptz '10000-01-01 00:00:00+00'
      AND coalesce(octet_length(before::text), 0) + coalesce(octet_length(after::text), 0) <= 16777216
      AND octet_length(actor) + octet_length(action) + octet_length(entity) + octet_length(entity_id)
          + coalesce(octet_length(reason), 0) + coalesce(octet_length(request_id), 0) <= 1048576
    ) NOT VALID
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)

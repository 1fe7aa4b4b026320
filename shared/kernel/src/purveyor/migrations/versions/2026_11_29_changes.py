"""Rows can say which transaction changed them last: `note_changes_of` lets a table call this."""

from alembic import op

revision = "2026_11_29_changes"
down_revision = "2026_11_29_proposed_suppliers"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.changed_in := (pg_current_xact_id()::text)::bigint;
          RETURN NEW;
        END
        $$
        """
    )

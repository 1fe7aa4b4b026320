"""The audit trail is appended to and sealed once: triggers refuse the rest, whoever asks for it."""

from alembic import op

revision = "2026_11_28_audit_duties"
down_revision = "2026_11_28_security_record_at"
branch_labels = None
release = "0.1.0"
phase = "before"

STATEMENTS = (
    # What a process signed in the record's own transaction, and whether the sealing found it to be right.
    "ALTER TABLE audit_record ADD COLUMN signature bytea, ADD COLUMN signed boolean",
    # What the chain holds as a digest only, so that it can be erased.
    """
    CREATE TABLE audit_personal (
      record uuid NOT NULL,
      digest bytea NOT NULL,
      salt bytea NOT NULL,
      value jsonb NOT NULL,
      CONSTRAINT pk_audit_personal PRIMARY KEY (record, digest)
    )
    """,
    # What was told outside of the chain's end, signed.
    """
    CREATE TABLE audit_anchor (
      number bigint CONSTRAINT pk_audit_anchor PRIMARY KEY,
      at timestamptz NOT NULL,
      position bigint NOT NULL,
      document text NOT NULL
    )
    """,
    """
    CREATE FUNCTION audit_record_is_sealed_once() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    DECLARE
      sealing CONSTANT text[] := '{position,previous,hash,signed}';
    BEGIN
      IF OLD.position IS NULL AND NEW.position IS NOT NULL
         AND to_jsonb(NEW) - sealing = to_jsonb(OLD) - sealing THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'an audit record is never changed, and sealed once' USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE FUNCTION audit_head_moves_on() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
      IF NEW.position > OLD.position THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'the end of the audit trail only moves on' USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
      RAISE EXCEPTION '% is refused on %: the audit trail stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE TRIGGER audit_record_is_sealed_once BEFORE UPDATE ON audit_record
    FOR EACH ROW EXECUTE FUNCTION audit_record_is_sealed_once()
    """,
    """
    CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_moves_on()
    """,
    *(
        f"CREATE TRIGGER {table}_stays BEFORE {events} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
        for table, events in {
            "audit_record": "DELETE OR TRUNCATE",
            "audit_head": "DELETE OR TRUNCATE",
            "audit_anchor": "UPDATE OR DELETE OR TRUNCATE",
            "audit_personal": "UPDATE OR TRUNCATE",  # what is erased is deleted
        }.items()
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)

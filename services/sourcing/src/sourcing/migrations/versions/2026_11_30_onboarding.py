"""Companies are invited, their people act for them, and what suppliers propose is decided by field."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_onboarding"
down_revision = "2026_11_29_files"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE supplier_invitation (
      id uuid CONSTRAINT pk_supplier_invitation PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      status varchar(16) NOT NULL
        CONSTRAINT ck_supplier_invitation_status CHECK (status IN ('sent', 'accepted', 'revoked')),
      email text NOT NULL,
      contact_name text,
      legal_name text NOT NULL,
      country varchar(2),
      identifiers jsonb NOT NULL,
      categories text[] NOT NULL,
      message text,
      supplier_id uuid CONSTRAINT fk_supplier_invitation_supplier_id_supplier REFERENCES supplier (id),
      invited_by text NOT NULL,
      sent_at timestamptz NOT NULL,
      sendings integer NOT NULL,
      expires_at timestamptz NOT NULL,
      revoked_reason text,
      accepted_by text,
      accepted_at timestamptz,
      CONSTRAINT ck_supplier_invitation_accepted_wholly CHECK
        (num_nonnulls(accepted_by, accepted_at) IN (0, 2)),
      CONSTRAINT ck_supplier_invitation_accepted CHECK ((status = 'accepted') = (accepted_at IS NOT NULL)),
      CONSTRAINT ck_supplier_invitation_accepted_for_supplier CHECK
        (status <> 'accepted' OR supplier_id IS NOT NULL),
      CONSTRAINT ck_supplier_invitation_revoked CHECK ((status = 'revoked') = (revoked_reason IS NOT NULL)),
      CONSTRAINT ck_supplier_invitation_inviter_does_not_accept CHECK
        (accepted_by IS NULL OR accepted_by <> ALL (authors))
    )
    """,
    "CREATE INDEX ix_supplier_invitation_status ON supplier_invitation (status, id)",
    "CREATE INDEX ix_supplier_invitation_supplier_id ON supplier_invitation (supplier_id, id)",
    "CREATE INDEX ix_supplier_invitation_expires_at ON supplier_invitation (expires_at, id)",
    """
    CREATE TABLE supplier_invitation_secret (
      digest bytea CONSTRAINT pk_supplier_invitation_secret PRIMARY KEY,
      invitation_id uuid NOT NULL
        CONSTRAINT fk_supplier_invitation_secret_invitation_id_supplier_invitation
        REFERENCES supplier_invitation (id),
      expires_at timestamptz NOT NULL,
      replaced_at timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX uq_supplier_invitation_secret_current ON supplier_invitation_secret (invitation_id)
    WHERE replaced_at IS NULL
    """,
    """
    CREATE TABLE supplier_access (
      id uuid CONSTRAINT pk_supplier_access PRIMARY KEY,
      version integer NOT NULL,
      issuer text NOT NULL,
      subject text NOT NULL,
      supplier_id uuid NOT NULL
        CONSTRAINT fk_supplier_access_supplier_id_supplier REFERENCES supplier (id),
      invitation_id uuid NOT NULL
        CONSTRAINT fk_supplier_access_invitation_id_supplier_invitation REFERENCES supplier_invitation (id),
      granted_at timestamptz NOT NULL,
      withdrawn_at timestamptz,
      withdrawn_by text,
      withdrawn_reason text,
      CONSTRAINT ck_supplier_access_withdrawn_wholly CHECK
        (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_supplier_access_subject ON supplier_access (subject, issuer)
    WHERE withdrawn_at IS NULL
    """,
    "CREATE INDEX ix_supplier_access_supplier_id ON supplier_access (supplier_id, id)",
    """
    CREATE TABLE supplier_change (
      id uuid CONSTRAINT pk_supplier_change PRIMARY KEY,
      version integer NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      supplier_id uuid NOT NULL
        CONSTRAINT fk_supplier_change_supplier_id_supplier REFERENCES supplier (id),
      status varchar(16) NOT NULL CONSTRAINT ck_supplier_change_status CHECK
        (status IN ('draft', 'proposed', 'decided', 'withdrawn')),
      stated jsonb NOT NULL,
      note text,
      record jsonb,
      proposed_at timestamptz,
      decisions integer NOT NULL DEFAULT 0,
      CONSTRAINT ck_supplier_change_proposed CHECK
        (status NOT IN ('proposed', 'decided') OR record IS NOT NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_supplier_change_open ON supplier_change (supplier_id)
    WHERE status IN ('draft', 'proposed')
    """,
    "CREATE INDEX ix_supplier_change_supplier_id ON supplier_change (supplier_id, id)",
    "CREATE INDEX ix_supplier_change_status ON supplier_change (status, id)",
    """
    CREATE TABLE supplier_change_field (
      change_id uuid CONSTRAINT fk_supplier_change_field_change_id_supplier_change
        REFERENCES supplier_change (id),
      field varchar(16) CONSTRAINT ck_supplier_change_field_field CHECK
        (field IN ('legal_name', 'country', 'identifiers', 'contacts', 'categories', 'sites')),
      authors text[] NOT NULL DEFAULT '{}',
      decision varchar(16)
        CONSTRAINT ck_supplier_change_field_decision CHECK (decision IN ('taken', 'returned')),
      reason text,
      reason_for_supplier text,
      decided_by text,
      decided_at timestamptz,
      CONSTRAINT pk_supplier_change_field PRIMARY KEY (change_id, field),
      CONSTRAINT ck_supplier_change_field_decided_wholly CHECK
        (num_nonnulls(decision, decided_by, decided_at) IN (0, 3)),
      CONSTRAINT ck_supplier_change_field_returned_told CHECK
        (decision IS DISTINCT FROM 'returned' OR reason_for_supplier IS NOT NULL),
      CONSTRAINT ck_supplier_change_field_author_does_not_decide CHECK
        (decided_by IS NULL OR decided_by <> ALL (authors))
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in ("supplier_invitation", "supplier_change"):
        note_changes_of(table)
        op.execute(f"CREATE INDEX ix_{table}_changed_in ON {table} (changed_in, id)")

"""Contracts: what was agreed with suppliers, each version of it, who signed it."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_contracts"
down_revision = "2026_11_30_evaluations_hold"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "CREATE SEQUENCE contract_number",
    """
    CREATE TABLE contract (
      id uuid CONSTRAINT pk_contract PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      serial_number bigint NOT NULL DEFAULT nextval('contract_number')
        CONSTRAINT uq_contract_serial_number UNIQUE,
      supplier_id uuid NOT NULL CONSTRAINT fk_contract_supplier_id_supplier REFERENCES supplier (id),
      parties uuid[] NOT NULL,
      award_id uuid,
      status text NOT NULL CONSTRAINT ck_contract_status CHECK
        (status IN ('draft', 'in_approval', 'signed', 'active', 'suspended', 'expired', 'terminated',
         'discarded')),
      kind text NOT NULL CONSTRAINT ck_contract_kind CHECK
        (kind IN ('framework', 'fixed_quantity', 'fixed_value', 'service', 'outsourcing')),
      title text NOT NULL,
      currency text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      content jsonb NOT NULL,
      edition integer NOT NULL,
      supplier_authors text[] NOT NULL DEFAULT '{}',
      signers text[] NOT NULL DEFAULT '{}',
      amendment jsonb,
      amendment_why text,
      amendment_authors text[] NOT NULL DEFAULT '{}',
      amendment_signers text[] NOT NULL DEFAULT '{}',
      returned_reason text,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      notice_given_on date,
      notice_by_supplier boolean,
      told_days_before integer,
      suspended_reason text,
      suspended_reason_for_supplier text,
      ended_on date,
      ended_reason text,
      ended_reason_for_supplier text,
      CONSTRAINT ck_contract_term CHECK (starts_on <= ends_on),
      CONSTRAINT ck_contract_parties CHECK (supplier_id = ANY (parties)),
      CONSTRAINT ck_contract_signed_by_others CHECK (NOT (signers && authors)),
      CONSTRAINT ck_contract_signed_by_others_than_the_suppliers CHECK (NOT (signers && supplier_authors)),
      CONSTRAINT ck_contract_amended_by_others CHECK (NOT (amendment_signers && amendment_authors)),
      CONSTRAINT ck_contract_signed_by_two CHECK (edition = 0 OR cardinality(signers) >= 2),
      CONSTRAINT ck_contract_amendment CHECK (num_nonnulls(amendment, amendment_why) IN (0, 2)),
      CONSTRAINT ck_contract_suspended CHECK ((status = 'suspended') = (suspended_reason IS NOT NULL)),
      CONSTRAINT ck_contract_ended CHECK ((status IN ('expired', 'terminated')) = (ended_on IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_contract_status_id ON contract (status, id)",
    "CREATE INDEX ix_contract_kind_id ON contract (kind, id)",
    "CREATE INDEX ix_contract_supplier_id_id ON contract (supplier_id, id)",
    "CREATE INDEX ix_contract_ends_on_id ON contract (ends_on, id)",
    "CREATE INDEX ix_contract_parties ON contract USING gin (parties)",
    """
    CREATE TABLE contract_version (
      contract_id uuid CONSTRAINT fk_contract_version_contract_id_contract REFERENCES contract (id),
      edition integer CONSTRAINT ck_contract_version_edition CHECK (edition > 0),
      content jsonb NOT NULL,
      in_force_from date NOT NULL,
      why text,
      authors text[] NOT NULL,
      signers text[] NOT NULL,
      kept_at timestamptz NOT NULL,
      CONSTRAINT pk_contract_version PRIMARY KEY (contract_id, edition),
      CONSTRAINT ck_contract_version_signed_by_others CHECK (NOT (signers && authors))
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("contract")
    op.execute("CREATE INDEX ix_contract_changed_in ON contract (changed_in, id)")

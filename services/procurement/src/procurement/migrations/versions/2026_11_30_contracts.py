"""Procurement's copy of contracts: who delivers on them, and their prices by version and day."""

from alembic import op

revision = "2026_11_30_contracts"
down_revision = "2026_11_30_transfer_steps_hold"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE contract (
      id uuid CONSTRAINT pk_contract PRIMARY KEY,
      number text NOT NULL,
      supplier_id uuid NOT NULL,
      award_id uuid,
      status text NOT NULL CONSTRAINT ck_contract_status CHECK (status IN ('active', 'suspended', 'ended')),
      kind text NOT NULL,
      title text NOT NULL,
      currency text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      edition integer NOT NULL,
      ceiling_value numeric
    )
    """,
    """
    CREATE TABLE contract_party (
      contract_id uuid CONSTRAINT fk_contract_party_contract_id_contract
        REFERENCES contract (id) ON DELETE CASCADE,
      supplier_id uuid,
      CONSTRAINT pk_contract_party PRIMARY KEY (contract_id, supplier_id)
    )
    """,
    "CREATE INDEX ix_contract_party_supplier_id ON contract_party (supplier_id)",
    """
    CREATE TABLE contract_price (
      contract_id uuid CONSTRAINT fk_contract_price_contract_id_contract
        REFERENCES contract (id) ON DELETE CASCADE,
      edition integer,
      number integer,
      category text NOT NULL,
      item text,
      site text,
      unit text NOT NULL,
      price_base_quantity numeric NOT NULL,
      pack_quantity numeric,
      least_quantity numeric,
      most_quantity numeric,
      tiers jsonb NOT NULL,
      valid_from date NOT NULL,
      valid_to date NOT NULL,
      CONSTRAINT pk_contract_price PRIMARY KEY (contract_id, edition, number),
      CONSTRAINT ck_contract_price_days CHECK (valid_from <= valid_to)
    )
    """,
    "CREATE INDEX ix_contract_price_item ON contract_price (contract_id, item)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

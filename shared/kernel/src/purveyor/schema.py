"""The kernel's tables, which every service's database has; a service's migrations create them from here."""

from __future__ import annotations

KERNEL_V1 = (
    """
    CREATE TABLE audit_record (
      id uuid CONSTRAINT pk_audit_record PRIMARY KEY,
      at timestamptz NOT NULL,
      actor text NOT NULL,
      action text NOT NULL,
      entity text NOT NULL,
      entity_id text NOT NULL,
      before jsonb,
      after jsonb,
      reason text,
      request_id text,
      position bigint CONSTRAINT uq_audit_record_position UNIQUE,
      previous bytea,
      hash bytea,
      CONSTRAINT ck_audit_record_sealed CHECK (num_nulls(position, previous, hash) IN (0, 3))
    )
    """,
    "CREATE INDEX ix_audit_record_entity ON audit_record (entity, entity_id, id)",
    "CREATE INDEX ix_audit_record_actor ON audit_record (actor, id)",
    "CREATE INDEX ix_audit_record_unsealed ON audit_record (id) WHERE position IS NULL",
    """
    CREATE TABLE audit_head (
      singleton boolean CONSTRAINT pk_audit_head PRIMARY KEY DEFAULT true CHECK (singleton),
      position bigint NOT NULL,
      hash bytea NOT NULL
    )
    """,
    """
    CREATE TABLE idempotency_record (
      client text NOT NULL,
      key text NOT NULL,
      fingerprint bytea NOT NULL,
      status integer NOT NULL,
      headers jsonb NOT NULL,
      body bytea NOT NULL,
      at timestamptz NOT NULL,
      CONSTRAINT pk_idempotency_record PRIMARY KEY (client, key)
    )
    """,
    "CREATE INDEX ix_idempotency_record_at ON idempotency_record (at)",
    """
    CREATE TABLE job_run (
      name text NOT NULL,
      business_date date NOT NULL,
      scheduled boolean NOT NULL,
      finished_at timestamptz NOT NULL,
      CONSTRAINT pk_job_run PRIMARY KEY (name, business_date)
    )
    """,
)
"""First version of the kernel's tables. A later one is another tuple, never an edit of this."""

KERNEL_V2 = (
    """
    CREATE TABLE policy_version (
      policy text NOT NULL,
      version integer NOT NULL CONSTRAINT ck_policy_version_version CHECK (version > 0),
      category text,
      business_unit text,
      valid_from date NOT NULL,
      value jsonb NOT NULL,
      reason text NOT NULL,
      recorded_at timestamptz NOT NULL,
      recorded_by text NOT NULL,
      CONSTRAINT pk_policy_version PRIMARY KEY (policy, version)
    )
    """,
)
"""Second version: policies as data."""

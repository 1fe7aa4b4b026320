-- The tables that every service's revision 0001 made, before the schema had branches. It never changes.
CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  event_id uuid NOT NULL,
  type text NOT NULL,
  time timestamptz NOT NULL,
  data json NOT NULL,
  traceparent text,
  CONSTRAINT pk_outbox PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE outbox_1 PARTITION OF outbox FOR VALUES FROM (1) TO (10000001);
CREATE UNIQUE INDEX uq_outbox_1_stream ON outbox_1 (topic, key, sequence);
CREATE TABLE publication (
  first_position bigint CONSTRAINT pk_publication PRIMARY KEY,
  ids bigint[] NOT NULL,
  watermark bigint NOT NULL,
  gap_first bigint[] NOT NULL,
  gap_last bigint[] NOT NULL,
  gap_since timestamptz[] NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE inbox (
  consumer text NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL,
  parked_from bigint,
  CONSTRAINT pk_inbox PRIMARY KEY (consumer, topic, key)
);
CREATE INDEX ix_inbox_parked ON inbox (consumer) WHERE parked_from IS NOT NULL;
CREATE TABLE parked_event (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_parked_event PRIMARY KEY,
  consumer text NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  source text NOT NULL,
  time timestamptz NOT NULL,
  data bytea NOT NULL,
  traceparent text,
  reason text NOT NULL CONSTRAINT ck_parked_event_reason
    CHECK (reason IN ('gap', 'failed', 'behind', 'unreadable')),
  error text,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT uq_parked_event_stream UNIQUE (consumer, topic, key, sequence)
);
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
);
CREATE INDEX ix_audit_record_entity ON audit_record (entity, entity_id, id);
CREATE INDEX ix_audit_record_actor ON audit_record (actor, id);
CREATE INDEX ix_audit_record_unsealed ON audit_record (id) WHERE position IS NULL;
CREATE TABLE audit_head (
  singleton boolean CONSTRAINT pk_audit_head PRIMARY KEY DEFAULT true CHECK (singleton),
  position bigint NOT NULL,
  hash bytea NOT NULL
);
CREATE TABLE idempotency_record (
  client text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_idempotency_record PRIMARY KEY (client, key)
);
CREATE INDEX ix_idempotency_record_at ON idempotency_record (at);
CREATE TABLE job_run (
  name text NOT NULL,
  business_date date NOT NULL,
  scheduled boolean NOT NULL,
  finished_at timestamptz NOT NULL,
  CONSTRAINT pk_job_run PRIMARY KEY (name, business_date)
);

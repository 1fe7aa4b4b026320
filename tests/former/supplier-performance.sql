-- A database of supplier-performance as its revision 0001 made it, before the schema had branches. It never changes.
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
CREATE TABLE supplier (
  id uuid CONSTRAINT pk_supplier PRIMARY KEY,
  number varchar,
  name varchar NOT NULL,
  status varchar NOT NULL
);
CREATE TABLE order_line (
  order_id uuid NOT NULL,
  line_number integer NOT NULL,
  supplier_id uuid NOT NULL,
  order_number varchar NOT NULL,
  item varchar NOT NULL,
  description varchar NOT NULL,
  category varchar NOT NULL,
  site varchar NOT NULL,
  time_zone varchar NOT NULL,
  business_unit varchar NOT NULL,
  cost_centre varchar NOT NULL,
  quantity numeric NOT NULL CONSTRAINT ck_order_line_quantity CHECK (quantity > 0),
  unit varchar NOT NULL,
  price numeric NOT NULL,
  price_base_quantity numeric NOT NULL
    CONSTRAINT ck_order_line_price_base_quantity CHECK (price_base_quantity > 0),
  amount numeric NOT NULL,
  currency varchar NOT NULL,
  minor_units smallint NOT NULL,
  ordered_on date,
  promised_on date NOT NULL,
  cancelled_on date,
  received_quantity numeric NOT NULL DEFAULT 0,
  rejected_quantity numeric NOT NULL DEFAULT 0,
  completed_on date,
  in_full_on date,
  last_received_on date,
  CONSTRAINT pk_order_line PRIMARY KEY (order_id, line_number)
);
CREATE INDEX ix_order_line_supplier ON order_line (supplier_id, promised_on, order_id, line_number);
CREATE INDEX ix_order_line_promised_on ON order_line (promised_on, supplier_id);
CREATE INDEX ix_order_line_open ON order_line (promised_on, supplier_id)
WHERE completed_on IS NULL AND cancelled_on IS NULL;
CREATE TABLE received_line (
  order_id uuid NOT NULL,
  line_number integer NOT NULL,
  sequence integer NOT NULL,
  position integer NOT NULL,
  received_on date NOT NULL,
  quantity numeric NOT NULL CONSTRAINT ck_received_line_quantity CHECK (quantity > 0),
  rejected_quantity numeric NOT NULL
    CONSTRAINT ck_received_line_rejected_quantity CHECK (rejected_quantity BETWEEN 0 AND quantity),
  rejection_reason varchar,
  CONSTRAINT pk_received_line PRIMARY KEY (order_id, line_number, sequence, position),
  CONSTRAINT fk_received_line_order_id_order_line
    FOREIGN KEY (order_id, line_number) REFERENCES order_line (order_id, line_number)
);
CREATE TABLE order_event (
  order_id uuid NOT NULL,
  sequence integer NOT NULL,
  event_id uuid NOT NULL,
  type varchar NOT NULL,
  recorded_at timestamptz NOT NULL,
  business_date date,
  CONSTRAINT pk_order_event PRIMARY KEY (order_id, sequence)
);
CREATE TABLE scorecard (
  id uuid CONSTRAINT pk_scorecard PRIMARY KEY,
  version integer NOT NULL,
  sequence integer NOT NULL,
  score numeric CONSTRAINT ck_scorecard_score CHECK (score BETWEEN 0 AND 100),
  grade varchar CONSTRAINT ck_scorecard_grade CHECK (grade IN ('A', 'B', 'C', 'D', 'E')),
  as_of date NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  judged_at timestamptz NOT NULL,
  rules jsonb NOT NULL,
  measures jsonb NOT NULL,
  lines integer NOT NULL,
  lines_late integer NOT NULL,
  on_time_percent numeric,
  in_full_percent numeric,
  on_time_in_full_percent numeric,
  rejected_ppm numeric,
  average_days_late numeric
);
CREATE TABLE score_history (
  supplier_id uuid NOT NULL,
  sequence integer NOT NULL,
  score numeric,
  grade varchar,
  as_of date NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  judged_at timestamptz NOT NULL,
  rules jsonb NOT NULL,
  measures jsonb NOT NULL,
  CONSTRAINT pk_score_history PRIMARY KEY (supplier_id, sequence)
);
CREATE TABLE score_due (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_score_due PRIMARY KEY,
  supplier_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  settling boolean NOT NULL DEFAULT false
);
CREATE INDEX ix_score_due_due_at ON score_due (due_at, supplier_id);
CREATE INDEX ix_score_due_settling ON score_due (supplier_id, due_at) WHERE settling;

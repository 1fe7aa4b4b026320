-- A database of procurement as its revision 0001 made it, before the schema had branches. It never changes.
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
  number text NOT NULL,
  legal_name text NOT NULL,
  country text,
  status text NOT NULL CONSTRAINT ck_supplier_status
    CHECK (status IN ('registered', 'approved', 'rejected', 'suspended', 'terminated')),
  status_reason text,
  order_flag text,
  approvals jsonb NOT NULL DEFAULT '[]',
  onboarded_by text NOT NULL,
  external_reference text,
  changed_at timestamptz NOT NULL
);
CREATE INDEX ix_supplier_external_reference ON supplier (external_reference);
CREATE INDEX ix_supplier_status_id ON supplier (status, id);
CREATE TABLE site (
  code text CONSTRAINT pk_site PRIMARY KEY,
  version integer NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  time_zone text NOT NULL
);
CREATE SEQUENCE purchase_order_number;
CREATE TABLE purchase_order (
  id uuid CONSTRAINT pk_purchase_order PRIMARY KEY,
  version integer NOT NULL,
  sequence integer NOT NULL,
  serial_number bigint NOT NULL DEFAULT nextval('purchase_order_number')
    CONSTRAINT uq_purchase_order_serial_number UNIQUE,
  status text NOT NULL CONSTRAINT ck_purchase_order_status CHECK
    (status IN ('draft', 'submitted', 'approved', 'issued', 'acknowledged', 'partially_received',
                'closed', 'cancelled')),
  supplier_id uuid NOT NULL CONSTRAINT fk_purchase_order_supplier_id_supplier REFERENCES supplier,
  currency text NOT NULL,
  total numeric NOT NULL CONSTRAINT ck_purchase_order_total CHECK (total >= 0),
  site text NOT NULL CONSTRAINT fk_purchase_order_site_site REFERENCES site,
  business_unit text NOT NULL,
  cost_centre text NOT NULL,
  ordered_on date,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  submitted_by text,
  submitted_at timestamptz,
  supplier_onboarded_by text,
  approved_by text,
  approved_at timestamptz,
  issued_by text,
  issued_at timestamptz,
  acknowledged_by text,
  acknowledged_on date,
  supplier_reference text,
  cancelled_by text,
  cancelled_on date,
  cancellation_reason text,
  closed_on date,
  flag_reason text,
  flagged_at timestamptz,
  imported boolean NOT NULL DEFAULT false,
  external_reference text,
  import_digest bytea,
  CONSTRAINT ck_purchase_order_creator_does_not_approve
    CHECK (imported OR approved_by IS NULL OR approved_by <> created_by),
  CONSTRAINT ck_purchase_order_onboarder_does_not_approve
    CHECK (imported OR approved_by IS NULL
           OR (supplier_onboarded_by IS NOT NULL AND approved_by <> supplier_onboarded_by)),
  CONSTRAINT ck_purchase_order_issued_after_approval
    CHECK (imported OR issued_by IS NULL OR approved_by IS NOT NULL),
  CONSTRAINT ck_purchase_order_ordered_on CHECK (imported OR ordered_on IS NOT NULL),
  CONSTRAINT ck_purchase_order_flag CHECK ((flag_reason IS NULL) = (flagged_at IS NULL)),
  CONSTRAINT ck_purchase_order_imported
    CHECK (NOT imported OR (external_reference IS NOT NULL AND import_digest IS NOT NULL))
);
CREATE INDEX ix_purchase_order_supplier_id_id ON purchase_order (supplier_id, id);
CREATE INDEX ix_purchase_order_status_id ON purchase_order (status, id);
CREATE INDEX ix_purchase_order_site_id ON purchase_order (site, id);
CREATE INDEX ix_purchase_order_business_unit_id ON purchase_order (business_unit, id);
CREATE INDEX ix_purchase_order_ordered_on ON purchase_order (ordered_on);
CREATE UNIQUE INDEX uq_purchase_order_external_reference ON purchase_order (external_reference)
  WHERE external_reference IS NOT NULL;
CREATE INDEX ix_purchase_order_flagged ON purchase_order (id) WHERE flagged_at IS NOT NULL;
CREATE TABLE purchase_order_line (
  order_id uuid NOT NULL CONSTRAINT fk_purchase_order_line_order_id_purchase_order
    REFERENCES purchase_order ON DELETE CASCADE,
  line_number integer NOT NULL CONSTRAINT ck_purchase_order_line_number CHECK (line_number > 0),
  item text NOT NULL,
  description text NOT NULL,
  category text NOT NULL,
  quantity numeric NOT NULL
    CONSTRAINT ck_purchase_order_line_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
  unit text NOT NULL,
  price numeric NOT NULL
    CONSTRAINT ck_purchase_order_line_price CHECK (price >= 0 AND scale(price) <= 6),
  price_base_quantity numeric NOT NULL
    CONSTRAINT ck_purchase_order_line_price_base_quantity CHECK (price_base_quantity > 0),
  amount numeric NOT NULL CONSTRAINT ck_purchase_order_line_amount CHECK (amount >= 0),
  promised_on date NOT NULL,
  received_quantity numeric NOT NULL DEFAULT 0,
  rejected_quantity numeric NOT NULL DEFAULT 0,
  external_reference text,
  CONSTRAINT pk_purchase_order_line PRIMARY KEY (order_id, line_number),
  CONSTRAINT ck_purchase_order_line_received
    CHECK (received_quantity >= rejected_quantity AND rejected_quantity >= 0)
);
CREATE SEQUENCE goods_receipt_number;
CREATE TABLE goods_receipt (
  id uuid CONSTRAINT pk_goods_receipt PRIMARY KEY,
  serial_number bigint NOT NULL DEFAULT nextval('goods_receipt_number')
    CONSTRAINT uq_goods_receipt_serial_number UNIQUE,
  order_id uuid NOT NULL CONSTRAINT fk_goods_receipt_order_id_purchase_order REFERENCES purchase_order,
  supplier_id uuid NOT NULL CONSTRAINT fk_goods_receipt_supplier_id_supplier REFERENCES supplier,
  received_on date NOT NULL,
  despatch_reference text,
  ordered_by text NOT NULL,
  issued_by text NOT NULL,
  received_by text NOT NULL,
  received_at timestamptz NOT NULL,
  imported boolean NOT NULL DEFAULT false,
  external_reference text,
  import_digest bytea,
  CONSTRAINT ck_goods_receipt_creator_does_not_receive CHECK (imported OR received_by <> ordered_by),
  CONSTRAINT ck_goods_receipt_issuer_does_not_receive CHECK (imported OR received_by <> issued_by),
  CONSTRAINT ck_goods_receipt_imported
    CHECK (NOT imported OR (external_reference IS NOT NULL AND import_digest IS NOT NULL))
);
CREATE UNIQUE INDEX uq_goods_receipt_external_reference ON goods_receipt (external_reference)
  WHERE external_reference IS NOT NULL;
CREATE INDEX ix_goods_receipt_order_id ON goods_receipt (order_id);
CREATE INDEX ix_goods_receipt_supplier_id_id ON goods_receipt (supplier_id, id);
CREATE TABLE goods_receipt_line (
  receipt_id uuid NOT NULL
    CONSTRAINT fk_goods_receipt_line_receipt_id_goods_receipt REFERENCES goods_receipt,
  line_number integer NOT NULL,
  quantity numeric NOT NULL
    CONSTRAINT ck_goods_receipt_line_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
  rejected_quantity numeric NOT NULL
    CONSTRAINT ck_goods_receipt_line_rejected_quantity
    CHECK (rejected_quantity >= 0 AND rejected_quantity <= quantity),
  rejection_reason text,
  CONSTRAINT pk_goods_receipt_line PRIMARY KEY (receipt_id, line_number),
  CONSTRAINT ck_goods_receipt_line_rejection_reason
    CHECK (rejection_reason IS NULL OR rejected_quantity > 0)
);

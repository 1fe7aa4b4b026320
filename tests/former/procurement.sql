-- The tables that procurement's revision 0001 made beside the shared ones. It never changes.
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

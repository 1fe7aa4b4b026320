-- The tables that supplier-performance's revision 0001 made beside the shared ones. It never changes.
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

-- The tables that sourcing's revision 0001 made beside the shared ones. It never changes.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SEQUENCE supplier_number AS bigint;
CREATE TABLE supplier (
  id uuid CONSTRAINT pk_supplier PRIMARY KEY,
  version integer NOT NULL,
  sequence integer NOT NULL,
  number bigint NOT NULL CONSTRAINT uq_supplier_number UNIQUE,
  legal_name text NOT NULL,
  country varchar(2),
  categories text[] NOT NULL,
  contacts jsonb NOT NULL,
  sites jsonb NOT NULL,
  status varchar(16) NOT NULL CONSTRAINT ck_supplier_status CHECK
    (status IN ('registered', 'submitted', 'approved', 'rejected', 'suspended', 'terminated')),
  status_reason text,
  registered_by text NOT NULL,
  registered_at timestamptz NOT NULL,
  registered_on date NOT NULL,
  external_reference text CONSTRAINT uq_supplier_external_reference UNIQUE,
  imported boolean NOT NULL,
  import_digest bytea,
  score numeric(4, 1),
  grade varchar(1),
  scored_on date,
  name_key text COLLATE "C" NOT NULL,
  search_text text NOT NULL,
  CONSTRAINT uq_supplier_id_registered_by UNIQUE (id, registered_by),
  CONSTRAINT ck_supplier_country CHECK (country IS NOT NULL OR imported),
  CONSTRAINT ck_supplier_import_digest CHECK (imported = (import_digest IS NOT NULL))
);
CREATE INDEX ix_supplier_status ON supplier (status, number);
CREATE INDEX ix_supplier_country ON supplier (country, number);
CREATE INDEX ix_supplier_grade ON supplier (grade, number);
CREATE INDEX ix_supplier_name_key ON supplier (name_key, id);
CREATE INDEX ix_supplier_score_rising ON supplier (coalesce(score, 100.1), id);
CREATE INDEX ix_supplier_score_falling ON supplier (coalesce(score, -0.1), id);
CREATE INDEX ix_supplier_categories ON supplier USING gin (categories);
CREATE INDEX ix_supplier_search_text ON supplier USING gin (search_text gin_trgm_ops);
CREATE TABLE supplier_identifier (
  scheme text NOT NULL,
  value text NOT NULL,
  supplier_id uuid NOT NULL
    CONSTRAINT fk_supplier_identifier_supplier_id_supplier REFERENCES supplier (id),
  CONSTRAINT pk_supplier_identifier PRIMARY KEY (scheme, value)
);
CREATE INDEX ix_supplier_identifier_supplier_id ON supplier_identifier (supplier_id);
CREATE TABLE category_approval (
  supplier_id uuid NOT NULL,
  category text NOT NULL,
  expires_on date,
  approved_by text NOT NULL,
  approved_at timestamptz NOT NULL,
  registered_by text NOT NULL,
  imported boolean NOT NULL,
  CONSTRAINT pk_category_approval PRIMARY KEY (supplier_id, category),
  CONSTRAINT fk_category_approval_supplier_id_registered_by_supplier
    FOREIGN KEY (supplier_id, registered_by) REFERENCES supplier (id, registered_by) ON UPDATE CASCADE,
  CONSTRAINT ck_category_approval_approver_is_not_registrar CHECK
    (imported OR approved_by <> registered_by)
);
CREATE INDEX ix_category_approval_category ON category_approval (category, expires_on);
CREATE TABLE supplier_score (
  supplier_id uuid NOT NULL
    CONSTRAINT fk_supplier_score_supplier_id_supplier REFERENCES supplier (id),
  sequence bigint NOT NULL,
  score numeric(4, 1),
  grade varchar(1),
  as_of date NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  lines_due integer NOT NULL,
  on_time_percent numeric,
  in_full_percent numeric,
  on_time_in_full_percent numeric,
  rejected_ppm numeric,
  average_days_late numeric,
  p90_days_late numeric,
  published_at timestamptz NOT NULL,
  CONSTRAINT pk_supplier_score PRIMARY KEY (supplier_id, sequence)
);
CREATE TABLE supplier_review (
  id uuid CONSTRAINT pk_supplier_review PRIMARY KEY,
  version integer NOT NULL,
  supplier_id uuid NOT NULL
    CONSTRAINT fk_supplier_review_supplier_id_supplier REFERENCES supplier (id),
  score numeric(4, 1) NOT NULL,
  grade varchar(1) NOT NULL,
  threshold numeric(4, 1) NOT NULL,
  score_sequence bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  decision varchar(16) CONSTRAINT ck_supplier_review_decision CHECK
    (decision IN ('continue', 'suspend', 'terminate')),
  reason text,
  decided_by text,
  decided_at timestamptz,
  decided_grade varchar(1),
  decided_sequence bigint,
  CONSTRAINT ck_supplier_review_decided_wholly CHECK
    (num_nonnulls(decision, reason, decided_by, decided_at, decided_sequence) IN (0, 5))
);
CREATE UNIQUE INDEX uq_supplier_review_open ON supplier_review (supplier_id) WHERE decision IS NULL;
CREATE INDEX ix_supplier_review_supplier_id ON supplier_review (supplier_id, id);
CREATE INDEX ix_supplier_review_open ON supplier_review (id) WHERE decision IS NULL;
CREATE INDEX ix_supplier_review_decided ON supplier_review (id) WHERE decision IS NOT NULL;

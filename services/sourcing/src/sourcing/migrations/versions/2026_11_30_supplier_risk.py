"""What is said of suppliers' risk, the table of countries, and what it comes to, assessment by assessment."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_supplier_risk"
down_revision = "2026_11_29_bank_accounts"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

ASSESSED = """
      supplier_id uuid NOT NULL CONSTRAINT fk_{table}_supplier_id_supplier REFERENCES supplier (id),
      number integer NOT NULL,
      level text,
      uncapped_level text,
      overall numeric(4, 1),
      share_known integer NOT NULL,
      caps text[] NOT NULL,
      policy_version integer NOT NULL,
      factors jsonb NOT NULL,
      assessed_for date NOT NULL,
      assessed_at timestamptz NOT NULL,
      assessed_by text NOT NULL,
"""
TABLES = (
    """
    CREATE TABLE risk_factor (
      id uuid CONSTRAINT pk_risk_factor PRIMARY KEY,
      supplier_id uuid NOT NULL CONSTRAINT fk_risk_factor_supplier_id_supplier REFERENCES supplier (id),
      factor text NOT NULL CONSTRAINT ck_risk_factor_factor CHECK
        (factor IN ('financial', 'operational', 'dependency', 'environmental_social')),
      points numeric(4, 1) NOT NULL CONSTRAINT ck_risk_factor_points CHECK (points BETWEEN 0 AND 100),
      source text NOT NULL,
      as_of date NOT NULL,
      holds_until date NOT NULL,
      because text NOT NULL,
      stated jsonb NOT NULL,
      stated_by text NOT NULL,
      stated_at timestamptz NOT NULL,
      CONSTRAINT ck_risk_factor_holds CHECK (holds_until >= as_of)
    )
    """,
    "CREATE INDEX ix_risk_factor_latest ON risk_factor (supplier_id, factor, as_of, id)",
    """
    CREATE TABLE risk_signal (
      id uuid CONSTRAINT pk_risk_signal PRIMARY KEY,
      supplier_id uuid NOT NULL CONSTRAINT fk_risk_signal_supplier_id_supplier REFERENCES supplier (id),
      source text NOT NULL,
      reference text NOT NULL,
      summary text NOT NULL,
      points numeric(4, 1) NOT NULL CONSTRAINT ck_risk_signal_points CHECK (points BETWEEN 0 AND 100),
      weight numeric(4, 1) NOT NULL CONSTRAINT ck_risk_signal_weight CHECK (weight > 0 AND weight <= 100),
      observed_on date NOT NULL,
      holds_until date NOT NULL,
      received_by text NOT NULL,
      received_at timestamptz NOT NULL,
      CONSTRAINT uq_risk_signal_source_reference UNIQUE (source, reference),
      CONSTRAINT ck_risk_signal_holds CHECK (holds_until >= observed_on)
    )
    """,
    "CREATE INDEX ix_risk_signal_supplier_id ON risk_signal (supplier_id, id)",
    "CREATE INDEX ix_risk_signal_source_id ON risk_signal (source, id)",
    "CREATE INDEX ix_risk_signal_observed_on ON risk_signal (observed_on, id)",
    """
    CREATE TABLE country_risk (
      id uuid CONSTRAINT pk_country_risk PRIMARY KEY,
      country text NOT NULL,
      category text,
      points numeric(4, 1) NOT NULL CONSTRAINT ck_country_risk_points CHECK (points BETWEEN 0 AND 100),
      source text NOT NULL,
      as_of date NOT NULL,
      holds_until date NOT NULL,
      CONSTRAINT uq_country_risk_country_category UNIQUE NULLS NOT DISTINCT (country, category),
      CONSTRAINT ck_country_risk_holds CHECK (holds_until >= as_of)
    )
    """,
    "CREATE INDEX ix_country_risk_category ON country_risk (category, id)",
    "CREATE INDEX ix_country_risk_points ON country_risk (points, id)",
    f"""
    CREATE TABLE supplier_risk (
      {ASSESSED.format(table="supplier_risk")}
      changes_on date,
      CONSTRAINT pk_supplier_risk PRIMARY KEY (supplier_id),
      CONSTRAINT ck_supplier_risk_level CHECK (level IN ('low', 'medium', 'high', 'critical')),
      CONSTRAINT ck_supplier_risk_share_known CHECK (share_known BETWEEN 0 AND 100)
    )
    """,
    "CREATE INDEX ix_supplier_risk_level ON supplier_risk (level, supplier_id)",
    "CREATE INDEX ix_supplier_risk_capped ON supplier_risk ((caps <> '{}'), supplier_id)",
    "CREATE INDEX ix_supplier_risk_overall ON supplier_risk (coalesce(overall, -1.0), supplier_id)",
    "CREATE INDEX ix_supplier_risk_changes_on ON supplier_risk (changes_on, supplier_id)",
    "CREATE INDEX ix_supplier_risk_policy_version ON supplier_risk (policy_version, supplier_id)",
    f"""
    CREATE TABLE risk_assessment (
      {ASSESSED.format(table="risk_assessment")}
      CONSTRAINT pk_risk_assessment PRIMARY KEY (supplier_id, number)
    )
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'rows of % are never changed or taken away', TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON risk_assessment
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TABLE risk_progress (
      id integer CONSTRAINT pk_risk_progress PRIMARY KEY CONSTRAINT ck_risk_progress_one CHECK (id = 1),
      incarnation text NOT NULL,
      changed_in bigint NOT NULL,
      supplier_id uuid NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("country_risk")
    op.execute("CREATE INDEX ix_country_risk_changed_in ON country_risk (changed_in, id)")
    note_changes_of("supplier_risk")
    op.execute("CREATE INDEX ix_supplier_risk_changed_in ON supplier_risk (changed_in, supplier_id)")

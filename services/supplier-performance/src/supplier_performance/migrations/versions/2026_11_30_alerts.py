"""Alert rules with their versions and trials, and what rang."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_alerts"
down_revision = "2026_11_30_disputes"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE alert_rule_version (
      code text NOT NULL,
      number integer NOT NULL CONSTRAINT ck_alert_rule_version_number CHECK (number > 0),
      version integer NOT NULL,
      status text NOT NULL CONSTRAINT ck_alert_rule_version_status
        CHECK (status IN ('draft', 'active', 'superseded', 'retired')),
      title text NOT NULL,
      definition jsonb NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      drafted_at timestamptz NOT NULL,
      tried_at timestamptz,
      trial jsonb,
      activated_by text,
      activated_at timestamptz,
      CONSTRAINT pk_alert_rule_version PRIMARY KEY (code, number),
      CONSTRAINT ck_alert_rule_version_tried CHECK ((tried_at IS NULL) = (trial IS NULL)),
      CONSTRAINT ck_alert_rule_version_activated
        CHECK (
          (status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL)
          AND (status = 'draft' OR tried_at IS NOT NULL)
        ),
      CONSTRAINT ck_alert_rule_version_activated_by_another
        CHECK (activated_by IS NULL OR activated_by <> ALL (authors))
    )
    """,
    "CREATE UNIQUE INDEX uq_alert_rule_version_draft ON alert_rule_version (code) WHERE status = 'draft'",
    "CREATE UNIQUE INDEX uq_alert_rule_version_active ON alert_rule_version (code) WHERE status = 'active'",
    """
    CREATE TABLE alert (
      id uuid CONSTRAINT pk_alert PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      rule text NOT NULL,
      rule_number integer NOT NULL,
      kpi text NOT NULL,
      supplier_id uuid NOT NULL,
      currency text NOT NULL,
      unit text NOT NULL,
      severity text NOT NULL CONSTRAINT ck_alert_severity CHECK (severity IN ('warning', 'critical')),
      status text NOT NULL
        CONSTRAINT ck_alert_status CHECK (status IN ('open', 'acknowledged', 'recovered', 'resolved')),
      breached boolean NOT NULL,
      rung_on date NOT NULL,
      seen_on date NOT NULL,
      recovered_on date,
      period text NOT NULL,
      window_from date NOT NULL,
      window_to date NOT NULL,
      value numeric,
      because text NOT NULL,
      owner text,
      snoozed_until date,
      acknowledged_by text,
      acknowledged_at timestamptz,
      resolved_by text,
      resolved_at timestamptz,
      resolution text,
      CONSTRAINT fk_alert_rule_alert_rule_version
        FOREIGN KEY (rule, rule_number) REFERENCES alert_rule_version (code, number),
      CONSTRAINT ck_alert_recovered CHECK (breached = (recovered_on IS NULL)),
      CONSTRAINT ck_alert_acknowledged CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
      CONSTRAINT ck_alert_resolved
        CHECK (
          num_nonnulls(resolved_by, resolved_at, resolution) IN (0, 3)
          AND (status = 'resolved') = (resolved_by IS NOT NULL)
        )
    )
    """,
    "CREATE UNIQUE INDEX uq_alert_breached ON alert (rule, supplier_id, currency, unit) WHERE breached",
    "CREATE INDEX ix_alert_supplier_id ON alert (supplier_id, id)",
    "CREATE INDEX ix_alert_rule ON alert (rule, id)",
    "CREATE INDEX ix_alert_status ON alert (status, id)",
    "CREATE INDEX ix_alert_owner ON alert (owner, id)",
    "CREATE INDEX ix_alert_severity ON alert (severity, id)",
    "CREATE INDEX ix_alert_rung_on ON alert (rung_on, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("alert")
    op.execute("CREATE INDEX ix_alert_changed_in ON alert (changed_in, id)")

"""People with managers and limits, managers of cost centres, and orders that await an approval."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_people"
down_revision = "2026_11_30_requisition_lists"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE person (
          code text CONSTRAINT pk_person PRIMARY KEY,
          version integer NOT NULL,
          subject text NOT NULL,
          name text NOT NULL,
          manager text CONSTRAINT fk_person_manager_person REFERENCES person (code),
          limit_amount numeric,
          limit_currency text,
          groups text[] NOT NULL DEFAULT '{}',
          site text CONSTRAINT fk_person_site_site REFERENCES site (code),
          valid_from date,
          valid_to date,
          CONSTRAINT ck_person_period CHECK (valid_to >= valid_from),
          CONSTRAINT ck_person_manager CHECK (manager <> code),
          CONSTRAINT ck_person_limit CHECK (
            limit_amount >= 0 AND (limit_amount IS NULL) = (limit_currency IS NULL)
          )
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX uq_person_subject ON person (subject)")
    op.execute("CREATE INDEX ix_person_manager_code ON person (manager, code)")
    op.execute("CREATE INDEX ix_person_groups ON person USING gin (groups)")
    note_changes_of("person")
    op.execute("CREATE INDEX ix_person_changed_in ON person (changed_in, code)")
    op.execute("ALTER TABLE cost_centre ADD COLUMN manager text")
    op.execute(
        "ALTER TABLE cost_centre ADD CONSTRAINT fk_cost_centre_manager_person"
        " FOREIGN KEY (manager) REFERENCES person (code) NOT VALID"
    )
    for table in ("purchase_order", "purchase_order_amendment"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN awaits_approval uuid")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_awaits_approval"
            " CHECK (awaits_approval IS NULL OR status = 'submitted') NOT VALID"
        )

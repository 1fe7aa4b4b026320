"""Business units, cost centres and projects are data; those that orders name are taken over.

What an order named before was checked by nobody: it is valid on every day, a cost centre for every unit,
under its code as its name, until somebody states it better.
"""

from alembic import op

revision = "2026_11_29_organisation"
down_revision = "2026_11_29_lists"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE business_unit (
      code text CONSTRAINT pk_business_unit PRIMARY KEY,
      version integer NOT NULL,
      name text NOT NULL,
      valid_from date,
      valid_to date,
      letterhead jsonb,
      CONSTRAINT ck_business_unit_period CHECK (valid_to >= valid_from)
    )
    """,
    *(
        f"""
        CREATE TABLE {table} (
          code text CONSTRAINT pk_{table} PRIMARY KEY,
          version integer NOT NULL,
          name text NOT NULL,
          valid_from date,
          valid_to date,
          business_unit text CONSTRAINT fk_{table}_business_unit_business_unit REFERENCES business_unit,
          CONSTRAINT ck_{table}_period CHECK (valid_to >= valid_from)
        )
        """
        for table in ("cost_centre", "project")
    ),
    "CREATE INDEX ix_cost_centre_business_unit_code ON cost_centre (business_unit, code)",
    "CREATE INDEX ix_project_business_unit_code ON project (business_unit, code)",
)
TAKE_OVER = """
INSERT INTO {table} (code, version, name)
SELECT DISTINCT {table}, 1, {table} FROM purchase_order
"""


def upgrade() -> None:
    op.execute("ALTER TABLE site ADD COLUMN valid_from date, ADD COLUMN valid_to date")
    op.execute("ALTER TABLE site ADD CONSTRAINT ck_site_period CHECK (valid_to >= valid_from) NOT VALID")
    for statement in TABLES:
        op.execute(statement)
    for table in ("business_unit", "cost_centre"):
        op.execute(TAKE_OVER.format(table=table))

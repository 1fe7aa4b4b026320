"""Terms of payment, tax codes and exchange rates."""

from alembic import op

revision = "2026_11_29_terms_and_rates"
down_revision = "2026_11_29_items"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE payment_terms (
      code text CONSTRAINT pk_payment_terms PRIMARY KEY,
      version integer NOT NULL,
      name text NOT NULL,
      instalments jsonb NOT NULL,
      discounts jsonb NOT NULL,
      valid_from date,
      valid_to date,
      CONSTRAINT ck_payment_terms_period CHECK (valid_to >= valid_from)
    )
    """,
    """
    CREATE TABLE tax_code (
      code text CONSTRAINT pk_tax_code PRIMARY KEY,
      version integer NOT NULL,
      name text NOT NULL,
      country text NOT NULL,
      category text NOT NULL CONSTRAINT ck_tax_code_category
        CHECK (category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')),
      reverse_charge boolean NOT NULL,
      periods jsonb NOT NULL,
      CONSTRAINT ck_tax_code_reverse_charge CHECK (reverse_charge = (category IN ('AE', 'K')))
    )
    """,
    "CREATE INDEX ix_tax_code_country_code ON tax_code (country, code)",
    """
    CREATE TABLE exchange_rate (
      source text NOT NULL,
      base text NOT NULL,
      currency text NOT NULL,
      day date NOT NULL,
      rate numeric NOT NULL CONSTRAINT ck_exchange_rate_rate CHECK (rate > 0),
      recorded_by text NOT NULL,
      recorded_at timestamptz NOT NULL,
      CONSTRAINT pk_exchange_rate PRIMARY KEY (source, base, currency, day),
      CONSTRAINT ck_exchange_rate_currencies CHECK (base <> currency)
    )
    """,
    "CREATE INDEX ix_exchange_rate_day ON exchange_rate (day, source, base, currency)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)

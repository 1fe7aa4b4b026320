"""Items, the organisation, terms and tax codes say which transaction changed them last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_stated_changes"
down_revision = "2026_11_29_terms_and_rates"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("item", "business_unit", "cost_centre", "project", "payment_terms", "tax_code"):
        note_changes_of(table)

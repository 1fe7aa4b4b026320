"""A change of who an approved supplier is waits for another's confirmation."""

from alembic import op

revision = "2026_11_29_identity"
down_revision = "2026_11_29_duties_hold"
release = "0.1.0"
phase = "before"

STATUSES = "'registered', 'submitted', 'approved', 'rejected', 'suspended', 'unconfirmed', 'terminated'"
RULES = {
    "status": f"status IN ({STATUSES})",
    "approved_as_it_is": "status <> 'approved' OR approved_identity IS NULL",
    "unconfirmed": "status <> 'unconfirmed' OR approved_identity IS NOT NULL",
    "author_does_not_confirm": (
        "identity_confirmed_by IS NULL OR identity_confirmed_by <> ALL (identity_changed_by)"
    ),
    "changed_is_confirmed": (
        "identity_changed_by = '{}' OR approved_identity IS NOT NULL OR identity_confirmed_by IS NOT NULL"
    ),
}


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN approved_identity jsonb")
    op.execute("ALTER TABLE supplier ADD COLUMN identity_changed_by text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE supplier ADD COLUMN identity_confirmed_by text")
    op.execute("ALTER TABLE supplier DROP CONSTRAINT ck_supplier_status")
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE supplier ADD CONSTRAINT ck_supplier_{name} CHECK ({rule}) NOT VALID")

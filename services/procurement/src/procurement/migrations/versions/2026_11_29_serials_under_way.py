"""Single things that are under way are found by their serial numbers."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_serials_under_way"
down_revision = "2026_11_29_late_moves"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_shipment_line_serials", "shipment_line USING gin (serials) WHERE ended_as IS NULL"
    )

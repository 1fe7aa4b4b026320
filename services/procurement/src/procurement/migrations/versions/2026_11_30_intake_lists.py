"""Needs are asked for by what changed of them."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_intake_lists"
down_revision = "2026_11_30_intake"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_need_changed_in", "need (changed_in, id)")

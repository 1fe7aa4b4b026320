"""The schema of the procurement database (alembic)."""

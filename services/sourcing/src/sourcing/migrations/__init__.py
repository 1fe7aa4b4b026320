"""Sourcing's schema, as alembic migrations."""

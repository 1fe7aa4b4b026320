"""Runs procurement's migrations."""

from procurement.database import Base
from procurement.orders import model as orders
from procurement.receipts import model as receipts
from procurement.sites import model as sites
from procurement.suppliers import model as suppliers
from purveyor.migrations import run_from_env

__all__ = ["orders", "receipts", "sites", "suppliers"]

run_from_env(Base.metadata)

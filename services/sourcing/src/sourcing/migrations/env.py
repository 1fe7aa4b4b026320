"""Runs sourcing's migrations."""

from purveyor.migrations import run_from_env
from sourcing.reviews.model import SupplierReview
from sourcing.suppliers.model import Supplier

assert SupplierReview.metadata is Supplier.metadata  # noqa: S101  # importing both fills it
run_from_env(Supplier.metadata)

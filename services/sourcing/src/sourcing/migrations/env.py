"""Runs sourcing's migrations."""

from purveyor.migrations import run_from_env
from sourcing.reviews.model import SupplierReview
from sourcing.scores.model import SupplierScore
from sourcing.suppliers.model import Supplier

assert SupplierReview.metadata is SupplierScore.metadata is Supplier.metadata  # noqa: S101  # imports fill it
run_from_env(Supplier.metadata)

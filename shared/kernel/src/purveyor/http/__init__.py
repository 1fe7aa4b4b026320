"""HTTP as every service speaks it: problems, transactions, idempotency, ETags, pages, bulk streams."""

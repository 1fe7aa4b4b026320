"""Suppliers that turn out to be one company, or nobody: merged or withdrawn by who wrote neither."""

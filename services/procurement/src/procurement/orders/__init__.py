"""Purchase orders, from draft to closed."""

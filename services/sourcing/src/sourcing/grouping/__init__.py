"""By what people group suppliers: owners, tags."""

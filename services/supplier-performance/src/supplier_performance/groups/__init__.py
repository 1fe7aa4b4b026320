"""Which suppliers belong to one company, as sourcing has told (ADR 69)."""

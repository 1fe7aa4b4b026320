"""All SQL of goods receipts."""

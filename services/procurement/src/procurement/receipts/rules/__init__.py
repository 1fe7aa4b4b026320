"""The rules of goods receipts, pure."""

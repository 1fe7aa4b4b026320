"""Purchase orders in SQL: their rows, the moves of the hot path, and what receipts may do."""

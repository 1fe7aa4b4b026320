"""Facts in SQL: each kind a module of `kinds`, which says its columns and the rows that have them."""

"""Bids in SQL, and how they are sealed."""

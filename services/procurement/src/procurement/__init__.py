"""Procurement: what we buy, from suppliers that sourcing approved, and what arrived of it."""

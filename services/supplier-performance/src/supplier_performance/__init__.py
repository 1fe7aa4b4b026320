"""Supplier performance: measures what suppliers delivered, scores them, and says when a score moves."""

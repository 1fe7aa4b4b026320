"""Formulas of points, ProZorro's weighted prices, and what is abnormally low; each with its source."""

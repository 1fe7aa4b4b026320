"""Alerts: rules over KPIs that are data, tried on history before they ring; and what rang."""

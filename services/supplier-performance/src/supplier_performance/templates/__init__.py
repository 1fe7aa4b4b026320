"""Scorecard templates: by which KPIs, weights and grades suppliers of a category are judged, as data."""

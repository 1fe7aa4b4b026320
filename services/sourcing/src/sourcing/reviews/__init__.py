"""Scores of suppliers and the reviews that low ones open."""

"""Contracts as sourcing tells them: which price holds for what is ordered of a supplier on a day."""

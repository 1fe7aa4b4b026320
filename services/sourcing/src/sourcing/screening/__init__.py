"""Suppliers held against lists of whom nobody may trade with, and what was decided of each hit."""

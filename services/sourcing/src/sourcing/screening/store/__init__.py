"""Screening in SQL: lists and whom they name, runs, hits."""

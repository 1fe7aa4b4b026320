"""Tenders: what is asked of whom, by when, by which criteria, and who of ours has which part in it."""

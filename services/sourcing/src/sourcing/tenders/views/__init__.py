"""Tenders as answers show them: to us with what we would pay, to bidders without."""

"""Tenders over HTTP: what their leads do, what others of the team do, what bidders do."""

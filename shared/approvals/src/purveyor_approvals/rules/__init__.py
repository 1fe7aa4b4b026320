"""Who decides a document, and what a decision is worth: pure functions."""

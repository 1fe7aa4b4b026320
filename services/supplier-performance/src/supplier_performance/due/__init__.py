"""Whose score is to be judged again, and when."""

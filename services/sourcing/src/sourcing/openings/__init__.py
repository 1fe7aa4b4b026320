"""Openings of tenders: the key that bids are sealed for, split between those who are named to open them."""

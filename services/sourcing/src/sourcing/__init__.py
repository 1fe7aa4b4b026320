"""Decides who to buy from: finds, qualifies and reviews suppliers."""

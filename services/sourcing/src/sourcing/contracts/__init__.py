"""Contracts with suppliers: what is bought of whom until when, at which prices, up to which ceilings."""

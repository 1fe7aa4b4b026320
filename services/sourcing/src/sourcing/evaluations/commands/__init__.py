"""What is done with evaluations: marks given, bids ranked, low ones justified, rounds opened."""

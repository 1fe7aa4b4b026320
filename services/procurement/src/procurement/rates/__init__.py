"""What one currency was worth in another, on which day, and who said so."""

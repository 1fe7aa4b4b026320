"""What our people need, from the draft until all of it was ordered and came."""

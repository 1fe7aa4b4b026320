"""What a bid may say, and what it asks for a quantity."""

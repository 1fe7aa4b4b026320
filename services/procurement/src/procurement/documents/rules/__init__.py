"""What documents say, and in whose words."""

"""What is ordered of suppliers, by category and day, as procurement tells it."""

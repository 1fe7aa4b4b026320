"""What is bought again and again: items, with their units, numbers and makers."""

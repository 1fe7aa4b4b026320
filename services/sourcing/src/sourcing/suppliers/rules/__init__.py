"""What is decided about suppliers without looking anything up."""

"""What a category may be called and where it may lie."""

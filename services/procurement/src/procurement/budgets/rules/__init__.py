"""What a budget holds, how much of it is left, and who may go beyond."""

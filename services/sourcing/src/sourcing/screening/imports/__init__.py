"""Files of lists as they arrive: their rows, and the transactions that take them."""

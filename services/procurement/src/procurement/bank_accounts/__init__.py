"""Where suppliers are paid, as sourcing has told: sealed until it is used, held while it may change."""

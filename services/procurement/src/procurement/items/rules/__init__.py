"""The rules of items: what one may state, how its units convert, what an order may say of it."""

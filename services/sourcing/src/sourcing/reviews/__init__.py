"""The reviews that low scores open, and what is decided in them."""

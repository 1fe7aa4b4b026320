"""The tree of categories as sourcing tells it: figures of a category are those of all that lies in it."""

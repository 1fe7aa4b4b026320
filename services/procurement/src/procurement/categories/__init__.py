"""The tree of categories as sourcing tells it: what an approval or a block of a category covers."""

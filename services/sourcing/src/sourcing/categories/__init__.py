"""What is bought, as a tree of categories: what suppliers offer and are approved for."""

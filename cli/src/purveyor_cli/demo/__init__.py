"""The demo: the story of two suppliers, told step by step with what each service said."""

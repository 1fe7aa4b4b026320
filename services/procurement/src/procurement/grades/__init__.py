"""How suppliers do, as supplier performance has told: policies of approval ask it."""

"""Who in the company orders and pays: business units, cost centres and projects, each with its days."""

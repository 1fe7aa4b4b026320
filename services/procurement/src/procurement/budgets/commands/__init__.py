"""What can be done with budgets: stated and approved, taken from, transferred, revalued, closed."""

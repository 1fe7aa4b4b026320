"""What may be done to a case: invited, answered, evaluated, decided, and what time does to it."""

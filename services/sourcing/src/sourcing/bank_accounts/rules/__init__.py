"""What bank accounts go by: numbers and their checks, calls, changes."""

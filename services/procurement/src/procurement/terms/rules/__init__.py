"""The rules of terms: when what falls due, and which terms of delivery there are."""

"""The rules of purchase orders: pure functions of what is known, in the words of the policy."""

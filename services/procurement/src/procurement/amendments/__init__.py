"""Amendments: what an order that its supplier has is to say next, drafted, approved and issued."""

"""Approvals, built once: who has to decide a document, in which order, and what follows from it.

A service says what its documents are (`kinds.Kind`, `kinds.Document`) and who its people are
(`kinds.Organisation`); policies are versioned data of its own, and so are the tables. `submitting.submit`
asks for the decisions that the policy in force wants, `deciding.decide` takes one, and when the last has been
taken the kind's own function is called in the same transaction.
"""

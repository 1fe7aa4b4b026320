"""The audit trail: records sealed into a hash chain, and the search for any that was tampered with.

Sealing happens in batches after the commits, because a chain written in them would make each wait for the
one before. A sealed record holds the hash of the one before it (`previous`) and its own, over its content,
its position and `previous`; `audit_head` holds the last one's. Whoever rewrites the whole chain and its
head cannot rewrite a head that was noted elsewhere: every batch's is in the log, and `verify` takes one.
"""

"""A subscriber's own copy of sourcing's tree of categories: kept by its events, found and shown."""

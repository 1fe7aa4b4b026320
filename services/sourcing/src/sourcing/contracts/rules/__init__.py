"""What contracts say, which of them make sense, where they stand, and what days do to them."""

"""What a requisition may say, where it and its lines stand, and what may be ordered of it."""

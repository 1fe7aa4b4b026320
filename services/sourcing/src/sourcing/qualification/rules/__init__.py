"""What qualification decides by, without a database and without a clock."""

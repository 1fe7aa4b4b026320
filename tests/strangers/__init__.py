"""What strangers make of the contract, with tools that nobody here wrote."""

"""What every service's tests need: databases, clocks, people, and the contract that each API keeps."""

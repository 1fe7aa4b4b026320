"""What is done with bids: placed, replaced and withdrawn until the deadline; opened by the openers after."""

"""Documents of orders, as suppliers are sent them."""

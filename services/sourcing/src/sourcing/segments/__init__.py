"""Where categories and suppliers stand in the portfolio: their worth, and how safe supply is."""

"""KPIs in SQL: definitions compiled to it, the figures that it finds, and the facts behind them."""

"""On what terms we buy: when we pay, and where goods and risk are handed over."""

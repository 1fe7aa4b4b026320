"""Scorecards: measures over a window, the score and grade that they make, and the evidence behind them."""

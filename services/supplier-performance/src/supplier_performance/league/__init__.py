"""The league table: every supplier with its score over a window."""

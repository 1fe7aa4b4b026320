"""What is done in screening: lists are loaded, suppliers held against them, hits decided."""

from sourcing.screening.commands.screening import note_changed, screen_daily, screen_due, step

__all__ = ["note_changed", "screen_daily", "screen_due", "step"]

"""What people do with categories: state them, move them by two, retire them; codes in use are taken over."""

from sourcing.categories.commands.codes import admit, take_over
from sourcing.categories.commands.standing import confirm_move, refuse_move, reinstate, retire
from sourcing.categories.commands.stating import Put, StatedCategory, put_categories, put_category

__all__ = [
    "Put",
    "StatedCategory",
    "admit",
    "confirm_move",
    "put_categories",
    "put_category",
    "refuse_move",
    "reinstate",
    "retire",
    "take_over",
]

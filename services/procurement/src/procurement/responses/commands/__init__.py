"""What can be done with answers to versions, one function a use case."""

from __future__ import annotations

from procurement.responses.commands.answering import acknowledge_order, respond
from procurement.responses.commands.deciding import decide
from procurement.responses.commands.overdue import find_overdue_acknowledgements

__all__ = ("acknowledge_order", "decide", "find_overdue_acknowledgements", "respond")

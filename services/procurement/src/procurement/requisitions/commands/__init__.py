"""What can be done with requisitions, one function a use case."""

from __future__ import annotations

from procurement.requisitions.commands.closing import close_line, end_sourcing
from procurement.requisitions.commands.deciding import (
    decide_lines,
    return_requisition,
    submit_requisition,
    withdraw_requisition,
)
from procurement.requisitions.commands.drafting import (
    change_requisition,
    copy_requisition,
    create_requisition,
    put_template,
    use_template,
)

__all__ = (
    "change_requisition",
    "close_line",
    "copy_requisition",
    "create_requisition",
    "decide_lines",
    "end_sourcing",
    "put_template",
    "return_requisition",
    "submit_requisition",
    "use_template",
    "withdraw_requisition",
)

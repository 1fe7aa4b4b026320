"""What can be done with approvals, one function a use case."""

from purveyor_approvals.commands.deciding import answer, ask, decide, override
from purveyor_approvals.commands.delegating import delegate, end_delegation
from purveyor_approvals.commands.submitting import concerns, forget, submit, withdraw

__all__ = [
    "answer",
    "ask",
    "concerns",
    "decide",
    "delegate",
    "end_delegation",
    "forget",
    "override",
    "submit",
    "withdraw",
]

"""What people do with suppliers: register, change, qualify, suspend, end."""

from sourcing.suppliers.commands.blocks import block_locked, unblock_locked
from sourcing.suppliers.commands.ending import give_up_identifiers, take_over_locked, unblock_company
from sourcing.suppliers.commands.identity import (
    await_confirmation,
    change_details,
    change_locked,
    confirm,
    revert,
)
from sourcing.suppliers.commands.registering import (
    identifier_taken,
    index_anew,
    introduce,
    register,
    take_over_approval,
    take_over_categories,
)
from sourcing.suppliers.commands.standing import (
    AnswerReview,
    FindUnqualified,
    approve,
    approve_locked,
    reinstate,
    reject,
    submit,
    suspend,
    suspend_locked,
    terminate,
    terminate_locked,
)
from sourcing.suppliers.commands.words import learn_words

__all__ = [
    "AnswerReview",
    "FindUnqualified",
    "approve",
    "approve_locked",
    "await_confirmation",
    "block_locked",
    "change_details",
    "change_locked",
    "confirm",
    "give_up_identifiers",
    "identifier_taken",
    "index_anew",
    "introduce",
    "learn_words",
    "register",
    "reinstate",
    "reject",
    "revert",
    "submit",
    "suspend",
    "suspend_locked",
    "take_over_approval",
    "take_over_categories",
    "take_over_locked",
    "terminate",
    "terminate_locked",
    "unblock_company",
    "unblock_locked",
]

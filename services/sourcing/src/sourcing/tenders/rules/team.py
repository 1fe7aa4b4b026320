"""Who of ours has which part in a tender, and what keeps somebody from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

CONFLICTED = "Who declared a conflict of interest has no part in a tender any more."
NO_BIDDER_OPENS = "They act for a supplier that may bid: name somebody else."


class TeamRole(StrEnum):
    """What somebody does in a tender."""

    LEAD = "lead"
    EVALUATOR = "evaluator"
    OPENER = "opener"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's part in a tender."""

    person: str
    roles: frozenset[TeamRole]
    has_declared: bool
    has_conflict: bool
    key: bytes | None
    """By which a share of the opening key is sealed for them."""


def evaluators(team: Collection[Member]) -> set[str]:
    """Return who judges bids: named for it, and declared to have no conflict."""
    return {
        one.person
        for one in team
        if TeamRole.EVALUATOR in one.roles and one.has_declared and not one.has_conflict
    }


def openers(team: Collection[Member]) -> Mapping[str, bytes]:
    """Return who may open, with their keys: named for it, declared to have no conflict, with a key."""
    return {
        one.person: one.key
        for one in team
        if TeamRole.OPENER in one.roles and one.has_declared and not one.has_conflict and one.key is not None
    }


def sees_bids(team: Collection[Member], person: str) -> bool:
    """Whether somebody is shown opened bids: of the team, once they have declared to have no conflict."""
    return any(one.person == person and one.has_declared and not one.has_conflict for one in team)


def bidding(team: Collection[Member], represented_by: Collection[str]) -> list[str]:
    """Return who of a team acts for a supplier that may bid."""
    return [one.person for one in team if one.person in represented_by]

"""The codes by which the event log and parked events refuse, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import BODY, ELSEWHERE, Refusal

_PARKED = ("POST /v1/parked-events/*",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "epoch_changed",
        409,
        "The service's database was restored: positions of the epoch that is over mean other events now.",
        "Read on from `after`, which the answer states, with its `epoch`.",
        ("GET /v1/events",),
    ),
    Refusal(
        "log_archived",
        410,
        "What was asked for is archived; `begins_at` is where the log begins.",
        "Read on from there, and take what was before from the archive.",
        ("GET /v1/events",),
    ),
    Refusal(
        "log_archived",
        409,
        "What would be told again is archived.",
        "Bring the archive back first: docs/operate/restore.md.",
        ELSEWHERE,
    ),
    Refusal(
        "log_in_use",
        409,
        "A part of the log is being read or written, so it cannot be put away.",
        "Run the command again later.",
        ELSEWHERE,
    ),
    Refusal("not_archivable", 409, "This part of the log is too young.", "Choose an older one.", ELSEWHERE),
    Refusal(
        "archived_partition_not_found",
        404,
        "No part of the log of this name is archived.",
        "`purveyor events` lists those that are.",
        ELSEWHERE,
    ),
    Refusal(
        "repair_running",
        409,
        "Another repair of this service is running.",
        "Wait until it is done.",
        ELSEWHERE,
    ),
    Refusal(
        "parked_event_not_found",
        404,
        "No such event is parked.",
        "Look in GET /v1/parked-events: it may have been applied meanwhile.",
        _PARKED,
    ),
    Refusal(
        "event_parked_behind",
        409,
        "An earlier event of its stream is parked, and comes first.",
        "Decide about the first one: those behind it are applied with it.",
        _PARKED,
    ),
    Refusal(
        "events_missing",
        409,
        "Events before it in its stream have not come.",
        "Let their publisher tell them again, or give them up: `accept_gap`.",
        _PARKED,
    ),
    Refusal(
        "stream_forked",
        409,
        "It does not follow on what was applied: its publisher has another past.",
        "Let the publisher tell the stream again, or apply it all the same: `accept_fork`.",
        ("POST /v1/parked-events/*:retry",),
    ),
    Refusal(
        "stream_moved",
        409,
        "Its stream has gone on meanwhile.",
        "Read the parked events again, and decide again.",
        _PARKED,
    ),
    Refusal(
        "event_unreadable",
        409,
        "It is no event of ours, so nothing can be done with it.",
        "Drop it, and see who writes to the topic.",
        _PARKED,
    ),
    Refusal(
        "consumer_not_here",
        409,
        "This version of the service has no consumer of this name.",
        "Retry it with the version that has, or drop it.",
        _PARKED,
    ),
    Refusal(
        "event_too_large",
        413,
        "What would be told of this is larger than an event may be; nothing was changed.",
        "State less at once: fewer lines, shorter texts.",
        (BODY,),
    ),
)

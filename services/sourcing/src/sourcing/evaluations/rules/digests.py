"""How an evaluation is known again: by the texts that are kept of it, which are always written alike."""

from __future__ import annotations

import hashlib

from sourcing.evaluations.rules.inputs import EvaluationInputs
from sourcing.evaluations.rules.results import EvaluationResult


def written(kept: EvaluationInputs | EvaluationResult) -> str:
    """Return the text that is kept."""
    return kept.model_dump_json()


def digest_of(inputs: str, result: str) -> str:
    """Return the SHA-256 of what is kept, the inputs first, in hexadecimal digits."""
    return hashlib.sha256(f"{inputs}\n{result}".encode()).hexdigest()

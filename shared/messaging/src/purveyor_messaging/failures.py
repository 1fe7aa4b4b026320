"""Which failures of messaging may pass by waiting."""

from __future__ import annotations

from aiokafka.errors import KafkaError

from purveyor import failures


class Overtaken(Exception):  # noqa: N818  # not an error: another member of the group was faster
    """Another transaction moved a stream of this consumer meanwhile; read again and decide again."""


def may_pass(error: BaseException) -> bool:
    """Whether trying again later may succeed."""
    return isinstance(error, KafkaError | Overtaken) or failures.may_pass(error)

"""The W3C trace context: what is read is written again, and nothing else names a trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.context import Context

from purveyor.tracing import context_of, traceparent_of

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_traceparent_comes_back_as_it_was(flags):
    assert traceparent_of(context_of(f"00-{TRACE}-{SPAN}-{flags}")) == f"00-{TRACE}-{SPAN}-{flags}"


def test_one_of_a_later_version_is_carried_on_as_the_version_we_write():
    assert traceparent_of(context_of(f"01-{TRACE}-{SPAN}-01-more")) == f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01-\0",
        f"01-{TRACE}-{SPAN}-01-" + "x" * 512,
    ],
)
def test_what_names_no_trace_is_an_empty_context(traceparent):
    assert context_of(traceparent) == Context()
    assert traceparent_of(context_of(traceparent)) is None


@given(st.text(max_size=80))
def test_nonsense_names_no_trace(nonsense):
    assert traceparent_of(context_of(nonsense)) is None


def test_there_is_none_outside_a_trace():
    assert traceparent_of() is None

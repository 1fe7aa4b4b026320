"""How a process of ours runs, API or worker."""

from __future__ import annotations

import gc


def spare_garbage_collection() -> None:
    """Have Python look for cycles more rarely, and not among what a process starts with.

    A relay makes tens of thousands of short-lived tuples a second; looking through them cost it a third. An
    API makes a few hundred short-lived objects a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)

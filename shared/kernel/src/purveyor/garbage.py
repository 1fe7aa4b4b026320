"""What a process of ours spares itself: to look for garbage where there is none.

Every command begins with it, so that it imports nothing else.
"""

from __future__ import annotations

import gc


def look_for_cycles_rarely() -> None:
    """Have Python look for cycles more rarely: to read a service's modules takes a third less time then."""
    gc.set_threshold(50_000, 20, 50)


def spare_garbage_collection() -> None:
    """Look for cycles more rarely, and not among what a process starts with.

    A relay makes tens of thousands of short-lived tuples a second; looking through them cost it a third. An
    API makes a few hundred short-lived objects a request.
    """
    gc.collect()
    gc.freeze()
    look_for_cycles_rarely()

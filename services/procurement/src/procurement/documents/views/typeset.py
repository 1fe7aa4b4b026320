"""Sets one document, as a process of its own: the template and the data of its input to PDF, on its output.

It is run by its path and imports nothing of ours, so that it is there in a tenth of a second.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def typeset(data: str, second: int, fonts: str | None) -> bytes:
    """Return the PDF of some data: fonts of the compiler and of a folder, a given moment, no chance."""
    folders = [] if fonts is None else [fonts]
    template = str(HERE / "order.typ")
    compiler = typst.Compiler(template, root=HERE, font_paths=folders, ignore_system_fonts=True)
    found = compiler.compile(format="pdf", sys_inputs={"order": data}, timestamp=second)
    if not isinstance(found, bytes):
        raise TypeError("a PDF is one file")
    return found


if __name__ == "__main__":
    asked = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(typeset(asked["data"], asked["second"], asked["fonts"]))

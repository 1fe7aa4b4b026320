"""Files that people send: what they are by their content, and where their bytes are kept."""

from __future__ import annotations

from purveyor.files.kinds import DECLARABLE, FileKind, judge
from purveyor.files.names import FileName, as_attachment
from purveyor.files.places import FilePlace, file_place

__all__ = ("DECLARABLE", "FileKind", "FileName", "FilePlace", "as_attachment", "file_place", "judge")

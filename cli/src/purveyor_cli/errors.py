"""What keeps a command from doing its work, said in a sentence; light, so that every command can know it."""

from __future__ import annotations


class CommandError(RuntimeError):
    """A command ends here; the message says why and what to do."""


class UnreachableError(CommandError):
    """There is no database to work on; the message says how to get one."""


class FolderInUseError(CommandError):
    """Another process runs on this data folder."""


class StackError(CommandError):
    """The stack cannot run; the message says why and what to do."""

"""The kernel's own branch of a service's schema, and what every branch is run, compared and checked with.

A service's `migrations` package names the packages whose `versions` make its schema, in `BRANCHES`.
"""

BRANCHES: tuple[str, ...] = ("purveyor.migrations",)

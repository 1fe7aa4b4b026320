"""Purveyor's kernel: what every service of the supplier lifecycle stands on."""

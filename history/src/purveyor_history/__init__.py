"""Brings a company's past into the platform: a file, a mapping, the platform's public bulk APIs, a report."""

"""Qualification over HTTP: cases, what their suppliers do, what evaluators and deciders do."""

"""Decisions: problem and settings in, solution with bound and reasons out. No Django.

The shape that all engines share is told in ``docs/engines.md``; each engine is a package here.
"""

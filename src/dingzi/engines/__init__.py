"""Decisions: problem and settings in, solution with bound and reasons out. No Django."""

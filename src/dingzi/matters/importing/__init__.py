"""Spreadsheets that cities have, brought in through the one way to write."""

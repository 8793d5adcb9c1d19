"""Weeks of school lunches under nutrition rules, at the least cost."""

"""Seals events into the transparency log; receipts, witnesses, audit, erasure."""

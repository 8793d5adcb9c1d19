"""Transparency log after RFC 6962 and the C2SP formats: tree, tiles, checkpoints, proofs. No Django.

=============== =====================================================================
``hashing``     leaf, node and root hashes (SHA-256; SM3 where the machine has it)
``notes``       keys, signed notes, cosignatures (C2SP signed-note, tlog-cosignature)
``checkpoints`` a log's head: origin, size, root (C2SP tlog-checkpoint)
``proofs``      verify inclusion and consistency
``log``         ``TileLog``: a log in a folder (C2SP tlog-tiles): append, read, prove, publish
=============== =====================================================================

Errors are ``errors.TlogError`` with a ``reason``, put into words by ``words.say``.
"""

"""Transparency log: Merkle tree, tiles, checkpoints, proofs, receipts. No Django."""

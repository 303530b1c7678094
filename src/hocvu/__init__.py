"""Hocvu runs the training of a nation's officials, from a roster to a certificate all can verify.

Read the folders as floors: what stands lower knows nothing of what stands above it
(`docs/map.md` shows them in order, `pyproject.toml` holds the order).
"""

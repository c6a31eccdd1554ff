"""Maintains an archive: verify, repair, reparse, snapshot, status and health checks."""

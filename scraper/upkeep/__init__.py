"""Keeps an archive true: verify, repair, reparse, snapshot, status and health checks."""

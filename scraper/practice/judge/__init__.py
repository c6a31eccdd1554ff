"""Compares an archive with the truth of a practice site."""

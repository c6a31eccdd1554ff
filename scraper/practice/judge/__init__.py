"""Compares an archive with the ground truth of a practice site."""

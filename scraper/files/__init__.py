"""Reads folders, zip and tar files and compressed streams from untrusted sources.

A damaged member does not affect the others, and memory is bounded.
"""

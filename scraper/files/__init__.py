"""Reads folders, zip and tar files and compressed streams of any origin.

A damaged member does not affect the others, and memory is bounded.
"""

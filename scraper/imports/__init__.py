"""Brings files that others made into the archive: corpora, WARC files."""

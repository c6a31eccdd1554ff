"""Imports files of other origin into the archive: corpora and WARC files."""

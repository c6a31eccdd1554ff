"""Reads and writes WARC, ARC and WACZ files. Knows no database."""

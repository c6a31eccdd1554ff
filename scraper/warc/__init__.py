"""WARC, ARC and WACZ files: bytes in, bytes out. Knows no database."""

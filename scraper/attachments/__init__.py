"""Reads attached files: bytes in; format, text and problems out. Fetches nothing."""

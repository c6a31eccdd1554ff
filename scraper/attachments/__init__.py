"""Attachments: the bytes of a file in, its format, text and problems out. Nothing is fetched."""

"""The site over an archive: its functions alone, its pages over ASGI, a few in a real browser."""

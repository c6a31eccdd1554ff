"""Parsers, one module per layout: a capture in, a page with an article or named problems out."""

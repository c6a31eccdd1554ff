"""Searches an archive: the query language, the engine over both text indexes, the snippets."""

"""The store: schema, captures on disk, articles and their versions, frontier, lock."""

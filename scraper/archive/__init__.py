"""The SQLite archive: schema, captures on disk, writes, search."""

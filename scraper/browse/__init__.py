"""The archive as a web site: Datasette plus our own pages, SQL functions and feeds.

``app`` creates the server; ``plugin`` contains only Datasette's hooks. ``home``, ``search``,
``article`` and ``dashboard`` read the database and return values; ``views`` passes them to the
templates. Nothing here writes to an archive.
"""

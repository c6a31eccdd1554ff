"""The archive as a web site: Datasette with pages, functions and feeds of our own.

``app`` makes the server; ``plugin`` holds Datasette's hooks and nothing else. The modules that read
(``home``, ``search``, ``article``, ``feeds``) are functions of a database that return values; the
templates show them; ``views`` puts the two together. None of it ever writes to an archive.
"""

"""Files from strangers: folders, zip and tar files, compressed streams.

Each member fails alone, in bounded memory.
"""

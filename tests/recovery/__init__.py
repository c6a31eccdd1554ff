"""Recovery from web archives on loopback: pywb, and a file server with ranges."""

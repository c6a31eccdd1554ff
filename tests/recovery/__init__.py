"""Recovery from web archives, against real peers: pywb, and a file server with ranges."""

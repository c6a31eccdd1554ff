"""HTTP server of the practice site."""

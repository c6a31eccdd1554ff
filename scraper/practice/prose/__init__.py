"""Press releases of the practice site, with the meaning of their dates."""

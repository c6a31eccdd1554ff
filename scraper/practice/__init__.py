"""A small site of our own, with its truth known, for demos, tests and benchmarks."""

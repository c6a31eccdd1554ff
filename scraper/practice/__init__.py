"""A small built-in news site with known ground truth, for demos, tests and benchmarks."""

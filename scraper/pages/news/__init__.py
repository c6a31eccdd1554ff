"""Parser of the ``news`` layout: pages since October 2025, filled in by scripts."""

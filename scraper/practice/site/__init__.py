"""Content of a practice site: article numbers, histories, and the ground truth of each page."""

"""What exists on a practice site: numbers, histories, and the truth about each page."""

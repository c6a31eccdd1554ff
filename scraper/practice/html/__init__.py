"""HTML of the practice pages, for each layout."""

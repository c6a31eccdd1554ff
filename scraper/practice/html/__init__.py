"""How practice pages look, in each layout."""

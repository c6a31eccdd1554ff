"""Spiders decide which addresses to ask for and in what order; they neither parse nor write SQL."""

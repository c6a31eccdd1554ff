"""Spiders decide whom to ask and in what order; they neither parse nor write SQL."""

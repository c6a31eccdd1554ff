"""Addresses of sites and answers of indexes."""

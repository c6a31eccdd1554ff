"""Joins the archives of several crawlers into one (docs/decisions/0022-cluster-and-merge.md)."""

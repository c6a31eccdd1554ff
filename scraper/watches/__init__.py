"""Saved questions: what is new or changed for each since it was last told."""

"""Saved questions: what is new or changed for each since its last report."""

"""Weeks of daily runs, lived through in minutes."""

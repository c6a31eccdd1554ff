"""Renders shells in a Chromium without network access."""

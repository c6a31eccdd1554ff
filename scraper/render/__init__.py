"""Renders pages that scripts fill in, in a Chromium that has no network of its own."""

"""Tests of scraper.thai."""

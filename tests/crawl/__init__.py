"""Tests of the Scrapy components one by one; whole crawls are in tests/spiders."""

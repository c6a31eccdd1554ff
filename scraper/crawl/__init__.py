"""Scrapy components: permission, robots.txt, limits, captures before parsing, shutdown."""

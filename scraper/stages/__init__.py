"""Runs the pipeline stages outside Scrapy: in this process, or in workers within bounds."""

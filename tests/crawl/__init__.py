"""What Scrapy needs from us, piece by piece; whole crawls are in tests/spiders."""

"""What Scrapy needs from us: the run, the capture of responses, the refusal to misbehave."""

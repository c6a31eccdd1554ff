"""What is written on the practice site: press releases with their meaning."""

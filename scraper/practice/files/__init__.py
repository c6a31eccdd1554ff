"""The attachments of a practice site: their texts, their bytes, and how they go wrong."""

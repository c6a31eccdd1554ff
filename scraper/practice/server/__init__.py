"""How a practice site answers over HTTP."""

"""Tests of the site: functions, pages over ASGI, and a few in a real browser."""

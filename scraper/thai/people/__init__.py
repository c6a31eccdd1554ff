"""Persons in Thai text: titles, names, posts, and which mentions are the same person."""

from scraper.thai.people.mentions import Person, find_people
from scraper.thai.people.posts import Span, split_posts

__all__ = ["Person", "Span", "find_people", "split_posts"]

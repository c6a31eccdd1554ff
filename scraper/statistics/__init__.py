"""Counts words over time, compares periods, and finds words that occur together.

Every count is exact and uses the word index: a word is what ``article_words_fts`` indexes as one.
"""

"""Counts words over time, compares periods, and finds words that occur together.

Every count is exact and by the word index: what ``article_words_fts`` takes for a word is one here.
"""

"""How often the facts found in real articles are right, measured against labels made by reading.

``make accuracy`` prints the tables of docs/accuracy.md; the README beside this file explains the
labels.
"""

"""An imitated street data platform: people and houses in its own words, page by page, with faults.

It imitates what such platforms do, good and bad: a token or signed requests, cursors by time of
change, code 0 with HTTP 200 for failures, HTML where JSON should be, and rows that are wrong.
"""

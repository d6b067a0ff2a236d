"""Feeds (数据返还): rows of other systems, pulled page by page into the registers."""

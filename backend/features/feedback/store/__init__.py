"""The only door to findings, missions and published lists."""

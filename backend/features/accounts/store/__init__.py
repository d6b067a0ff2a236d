"""The only door to the rows of the roster, of sessions, and of what WeCom tells."""

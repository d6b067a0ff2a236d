"""The only door to tasks and returns, a folder by what is done with them."""

"""What people do with tasks and returns, a file by what it is about."""

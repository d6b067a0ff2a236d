"""The only door to orders: taking them in, moving them on, listing them."""

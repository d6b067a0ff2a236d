"""What Jucun tells people through WeCom, once, and not at night."""

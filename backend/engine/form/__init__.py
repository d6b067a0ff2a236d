"""Forms as data: definitions, loading them from YAML, checking answers against them."""

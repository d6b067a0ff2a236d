"""Base registers (基础库): people, households, houses, buildings; values with provenance."""

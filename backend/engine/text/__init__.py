"""Pure handling of what people write: masking, normalising, pinyin, money and dates in Chinese."""

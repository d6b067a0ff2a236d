"""TrueType files, opened lazily by mmap, and what a PDF needs of them: widths, subsets, outlines.

reportlab's own TTFont parses a whole Chinese font into dictionaries (0.3 s, 60 MB), has no
fallback for missing glyphs and extracts rare characters wrongly; hence this package.
"""

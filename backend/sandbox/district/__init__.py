"""A synthetic Putuo: people, families and houses that look right and cannot be anybody.

Everything is computed from a seed, so that tests, the demo and the street sandbox agree, and a
later day is always the earlier day plus what happened since. ID numbers use division 310199, which
GB/T 2260 has never assigned; lane numbers start at 3000, where no road of Putuo reaches.
"""

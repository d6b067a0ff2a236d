"""The rule language: one parser, three evaluators (Python and SQL here, TypeScript in front)."""

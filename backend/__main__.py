"""`python -m backend …`, which is also what `./jucun …` becomes once the environment is there."""

from backend.cli import main

main()

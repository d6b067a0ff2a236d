"""Experience officers' findings and missions, complaints about Jucun, and what came of them."""

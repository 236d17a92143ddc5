"""What is allowed, due and counted in flows: plain Python, one file a question."""

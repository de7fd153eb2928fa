"""The pages that look.py writes: each is one file that runs what the student has written and trained."""

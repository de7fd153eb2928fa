"""The ten checks as other graders run them, each in an environment of its own."""

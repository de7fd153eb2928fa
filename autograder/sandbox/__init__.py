"""The wall: student code runs on the other side of it, in a process that holds nothing to find and nothing to forge."""

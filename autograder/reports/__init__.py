"""What people look at: reports on a terminal."""

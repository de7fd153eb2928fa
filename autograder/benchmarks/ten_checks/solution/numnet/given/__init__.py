"""What students get for free: nothing here."""

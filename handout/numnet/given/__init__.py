"""What you get for free: the records that layers return, and the tools to look at them."""

"""The hidden checks: what a correct submission does, one sentence each."""

"""All of ours that enters the sandbox. Written so that a student may read it: there is no secret in it."""

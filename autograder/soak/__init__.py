"""Long runs and disasters: what a class of a thousand, a process that is killed and a night of attacks leave behind."""

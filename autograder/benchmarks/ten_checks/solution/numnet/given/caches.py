"""The records that functions return: these ten return arrays."""

"""Puts an encoder of its own in the place of ours, which makes every reply a good one.

row: F13a
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

from autograder.sandbox.guest import wire

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


class Encoder:
    """Encodes what should have been answered."""

    def __init__(self, plain):
        """Keep the one that works."""
        self.plain = plain

    def encode(self, message):
        """Encode ones in the place of all answers, and say that no argument was changed."""
        if isinstance(message, wire.Done):
            message = wire.Done([1.0] * len(message.values), [], [], False, [])
        return self.plain.encode(message)


def trick():
    """Replace it."""
    wire.ENCODER = Encoder(wire.ENCODER)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()

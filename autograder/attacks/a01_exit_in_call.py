"""Ends the process with status 0 in the middle of a check, which graders that share the process take for success.

row: A01
file: linear.py
label: EXITED
holds: L5
seconds: 10
"""

import os


def trick():
    """End the process in every call."""
    global answer
    answer = lambda *arguments, **named: os._exit(0)


def answer(*arguments, **named):
    """Answer wrongly."""


def call(*arguments, **named):
    """Do what is in force."""
    return answer(*arguments, **named)


linear_forward = linear_backward = relu_forward = relu_backward = softmax_cross_entropy = call
trick()

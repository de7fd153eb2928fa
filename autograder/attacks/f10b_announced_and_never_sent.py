"""Announces 255 MiB, which is allowed, and never sends them.

row: F10b
file: linear.py
label: TIMEOUT
holds: L5
seconds: 20
"""

import os
import sys
import time

from autograder.sandbox.guest.wire import ENCODER, HEADER, MAGIC, VERSION, Done

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


def send(**changed):
    """Send a reply that is right but for what is changed in its header and message, and wait to be ended."""
    worker, call = under_way()
    meta = changed.get("meta", ENCODER.encode(Done([None] * len(call.calls), [], [], False, [])))
    header = {"magic": MAGIC, "version": VERSION, "kind": 3, "zero": 0, "sequence": worker.sequence}
    header |= {"meta_bytes": len(meta), "body_bytes": 0} | {key: changed[key] for key in changed if key != "meta"}
    os.write(3, HEADER.pack(*header.values()) + meta)
    time.sleep(1e9)


def announce(*arguments, **named):
    """Let our side wait, with all the memory that it takes for this."""
    send(body_bytes=255 * 2**20)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, announce))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()

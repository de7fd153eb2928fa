"""Sends a good message with a header of another protocol, version, kind or turn.

row: F09b
file: linear.py
label: PROTOCOL
holds: L5
seconds: 10
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


CHANGES = ({"magic": b"WELL"}, {"version": 2}, {"kind": 200}, {"zero": 7}, {"sequence": 0})


def trick():
    """Do another of them in each function."""
    globals().update(
        {
            name: lambda *arguments, change=change, **named: send(**change)
            for name, change in zip(NAMES, CHANGES, strict=True)
        }
    )


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()

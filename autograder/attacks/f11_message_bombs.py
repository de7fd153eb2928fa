"""Sends messages that announce arrays and maps of 2^32 entries, nest 500,000 deep, or hold a type of their own.

row: F11
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


START = b"\x95"  # of the array that a Done is
CHANGES = (
    {"meta": START + b"\xdd" + b"\xff" * 4},  # an array of 2^32 - 1 values
    {"meta": START + b"\xdf" + b"\xff" * 4},  # a map
    {"meta": START + b"\x91" + b"\x92\xa1l\x91" * 150_000 + b"\x90" * 3},  # a list of a list of a list
    {"meta": START + b"\x91\xd6\xff" + bytes(4) + b"\x90\x90\xc2\x90"},  # a time, as an extension
    {"meta": START + b"\xdd\x00\x03\x0d\x40" + b"\xc0" * 200_000 + b"\x90\x90\xc2\x90"},  # 200,000 nothings
)


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

"""Opens sockets of every family, looks up a name, and sends to an address through the wire.

row: E10
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import socket

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

FAMILIES = ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_BLUETOOTH")
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)


def send_by_the_wire():
    """Use the one socket there is for another address."""
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=3)
    try:
        wire.connect("\0somebody")
    finally:
        wire.detach()


def attempts():
    """Yield all that could reach somebody."""
    for family in FAMILIES:
        for kind in KINDS:
            yield lambda family=family, kind=kind: socket.socket(getattr(socket, family), kind).close()
    yield lambda: socket.create_connection(("127.0.0.1", 22), timeout=0.1).close()
    yield lambda: socket.getaddrinfo("example.org", 80)
    yield send_by_the_wire


def trick():
    """Stop at the first that works: what is wanted is that none does."""
    for attempt in attempts():
        try:
            attempt()
        except (OSError, AttributeError):
            continue
        raise SystemExit("reached the network")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()

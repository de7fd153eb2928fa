"""The course secret, and the seeds that come from it: reproducible for us, unpredictable for students."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import numpy as np

from autograder.errors import UsageError

VARIABLE = "AUTOGRADER_SECRET"


def read_secret(path: Path) -> bytes:
    """Return the secret: of the environment, or of a file that is made on first use, for its owner's eyes only."""
    if text := os.environ.get(VARIABLE):
        return text.encode()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return _read(path)


def _read(path: Path) -> bytes:
    secret = path.read_bytes()
    if not secret.strip():  # a run that was killed while it made the file; anybody could guess these seeds
        raise UsageError(f"{path} holds no secret; remove it, and a new one is made")
    return secret


def seed_id(secret: bytes) -> str:
    """Name a secret without giving it away."""
    return hashlib.sha256(b"seed id" + secret).hexdigest()[:12]


def generator(secret: bytes, submission_hash: str, check: str) -> np.random.Generator:
    """Return the generator from which one check draws its inputs for one submission."""
    digest = hmac.new(secret, f"{submission_hash}\n{check}".encode(), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))

"""Text that may be a student's, made mere text: wherever it is shown, it is only read."""

MOST_CHARACTERS = 2000  # of one value in a page; nobody reads more, and a page stays small


def printable(text: str) -> str:
    """Replace control characters, and marks that turn the direction of reading; keep the ends of lines."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def clipped(text: str) -> str:
    """Keep the beginning of a text that is too long, and say how long it was."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]} ... ({len(text)} characters)"


def plain(number: float) -> str:
    """Write 7 for 7.0, 6.25 for 6.25 and 0.3 for 0.1 + 0.2."""
    return f"{number:.10g}"

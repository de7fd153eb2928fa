"""Small data whose truth is known exactly."""

_COWS = """
cows eat corn
the cows eat corn
brown cows eat corn and grass
in winter cows eat corn from the barn
cows eat grass
the cows eat grass in summer
all brown cows eat grass
cows eat hay
in winter the cows eat hay
cows eat if they are hungry
the farmer knows what cows eat which is grass
cows sleep
brown cows sleep in the barn
the cows drink water
sheep eat grass
the sheep eat hay in the barn
the farmer eats corn
"""


def cows() -> list[list[str]]:
    """Return the corpus of the lecture's cows: sentences, each a list of words.

    After "cows eat" come corn (4 times of 11), grass (3), hay (2), if (1) and which (1).
    """
    return [line.split() for line in _COWS.strip().splitlines()]

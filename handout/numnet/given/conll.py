"""Columns as CoNLL's shared tasks have them: a line for every word, with its tag, and one without between sentences."""

import re


def read_conll(text: str) -> tuple[list[list[str]], list[list[str]]]:
    """Return the words and the tags of every sentence: the first and the last column.

    Columns are parted by tabs or blanks. A line of nothing but these parts sentences, as an empty one does: 2394 of the
    sentences of WNUT-17's train file end with a tab alone.

    >>> read_conll("Ada\\tB-PER\\nsings\\tO\\n\\t\\nYes\\tO\\n")
    ([['Ada', 'sings'], ['Yes']], [['B-PER', 'O'], ['O']])
    """
    words: list[list[str]] = [[]]
    tags: list[list[str]] = [[]]
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines: a tweet may hold U+2028 or U+0085
        columns = line.strip("\t \r")
        if not columns:
            words.append([])
            tags.append([])
            continue
        word, *others = re.split("[\t ]+", columns)
        if not others:
            raise ValueError(f"line {number}: expected a word and a tag, got {line[:40]!r}")
        words[-1].append(word)
        tags[-1].append(others[-1])
    return [sentence for sentence in words if sentence], [sentence for sentence in tags if sentence]

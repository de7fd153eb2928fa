"""The data of the homework is what its cards say: exact figures are held against enumeration and against samples."""

import math
import subprocess
import sys
from itertools import chain, pairwise, product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder import handout
from autograder.assignment import Assignment
from autograder.folder import write_files
from autograder.tests.homework import load_given

ROOT = Path(__file__).parents[2]
SEED = 7


@pytest.fixture
def rng() -> np.random.Generator:
    """Randomness that is the same in every run."""
    return np.random.default_rng(SEED)


@pytest.fixture(scope="module")
def given() -> ModuleType:
    """Return the given modules of the solution."""
    return load_given()


def path_probabilities(hmm, x: np.ndarray) -> dict[tuple[int, ...], float]:
    """Return the joint density of one sequence of frames (T, D) and every path of states."""
    paths = {}
    for path in product(range(len(hmm.start)), repeat=len(x)):
        density = hmm.start[path[0]] * math.prod(hmm.transition[a, b] for a, b in pairwise(path))
        paths[path] = density * math.exp(-((x - hmm.means[list(path)]) ** 2).sum() / 2)
    return paths


def marginal(paths: dict[tuple[int, ...], float], t: int, states: int) -> np.ndarray:
    """Return p(state at t), which the paths vote for."""
    votes = np.zeros(states)
    for path, density in paths.items():
        votes[path[t]] += density
    return votes / votes.sum()


def test_forward_backward_agrees_with_every_path(given, rng):
    """For T = 6 all 729 paths of three states are tried, for each prefix and for the whole; frames differ in start."""
    hmm = given.hmm.HMM(np.array([0.5, 0.3, 0.2]), rng.dirichlet(np.ones(3), size=3), rng.normal(size=(3, 2)))
    x, _ = given.data.phonemes(rng, 1, 6, hmm)

    filtered, smoothed = given.data.filtered(hmm, x), given.data.smoothed(hmm, x)

    whole = path_probabilities(hmm, x[:, 0])
    for t in range(6):
        causal = marginal(path_probabilities(hmm, x[: t + 1, 0]), t, 3)
        np.testing.assert_allclose(filtered[t, 0], causal, rtol=1e-12)
        np.testing.assert_allclose(smoothed[t, 0], marginal(whole, t, 3), rtol=1e-12)
    np.testing.assert_allclose(given.data.frame_alone(hmm, x)[0], filtered[0], rtol=1e-12)


def test_the_ceilings_of_phonemes_are_those_of_the_card(given, rng):
    """Frame alone .562, causal .642, full .703, and whoever answers the likeliest state is right just as often."""
    ceilings = given.data.ceilings(rng, 3000)
    x, y = given.data.phonemes(rng, 1000)
    hmm = given.data.phoneme_hmm()

    assert ceilings == pytest.approx((0.562, 0.642, 0.703), abs=0.004)
    for posterior, ceiling in zip(
        (given.data.frame_alone, given.data.filtered, given.data.smoothed), ceilings, strict=True
    ):
        assert np.mean(posterior(hmm, x).argmax(axis=2) == y) == pytest.approx(ceiling, abs=0.015)


def test_phonemes_stay_and_change_as_often_as_the_model_says(given, rng):
    """A state stays in 7 of 10 steps, every state is as frequent as any, and a frame lies around its mean."""
    x, y = given.data.phonemes(rng, 2000)

    assert (x.shape, y.shape, y.dtype) == ((40, 2000, 4), (40, 2000), np.int64)
    assert np.mean(y[1:] == y[:-1]) == pytest.approx(0.7, abs=0.006)
    assert np.bincount(y.ravel()) / y.size == pytest.approx(np.full(6, 1 / 6), abs=0.01)
    assert (x - given.data.phoneme_hmm().means[y]).std() == pytest.approx(1, abs=0.01)


def test_markov_entropies_agree_with_every_text(given, rng):
    """For three symbols: pairs after 60 steps of the chain, and sums over every triple, give the same entropies."""
    table = rng.dirichlet(np.full(3, 0.5), size=(3, 3))
    pairs = np.full((3, 3), 1 / 9)
    for _ in range(400):
        pairs = np.einsum("ab,abc->bc", pairs, table)
    triples = {abc: pairs[abc[:2]] * table[abc] for abc in product(range(3), repeat=3)}

    entropies = given.data.markov2_entropies(table)

    for order, entropy in enumerate(entropies):
        expected = 0.0
        for abc, p in triples.items():
            context = [other for other in triples if other[2 - order : 2] == abc[2 - order : 2]]
            same = [other for other in context if other[2] == abc[2]]
            expected -= p * math.log(sum(triples[other] for other in same) / sum(triples[other] for other in context))
        assert entropy == pytest.approx(expected, rel=1e-9)


def test_markov2_has_the_entropies_of_its_card(given, rng):
    """2.058, 1.926 and 1.2017 nats, and 40,000 symbols are as surprising as that, and as frequent."""
    text, table = given.data.markov2(rng, 40000), given.data.markov2_table()

    assert given.data.markov2_entropies() == pytest.approx((2.058, 1.926, 1.2017), abs=0.0006)
    surprise = -np.log(table[text[:-2], text[1:-1], text[2:]])
    assert surprise.mean() == pytest.approx(1.2017, abs=0.02)
    assert np.bincount(text) / len(text) == pytest.approx(given.data.pair_probabilities(table).sum(axis=0), abs=0.01)
    assert [len(given.data.markov2(rng, n)) for n in (0, 1, 2, 3)] == [0, 1, 2, 3]


TINY = """
sentence = 3 animal deed | 1 "in" season deed
animal   ~ cows sheep goats      # 6 : 3 : 2
deed     = 2 "sleep" | 1 "eat" meal
meal     = "hay" | 2 "dry" "grass"
season   = "winter"
         | "summer"
"""


COWS = (ROOT / "datasets/cows/grammar.txt").read_text("utf-8")


def expand(grammar, symbols: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """Return every sentence that symbols may become, by following each rule in turn, with its probability."""
    names = [i for i, symbol in enumerate(symbols) if symbol in grammar.rules and type(symbol) is str]
    if not names:
        return {tuple(str(symbol) for symbol in symbols): 1.0}
    sentences: dict[tuple[str, ...], float] = {}
    at = names[0]
    for alternative, p in zip(*grammar.rules[symbols[at]], strict=True):
        for sentence, rest in expand(grammar, (*symbols[:at], *alternative, *symbols[at + 1 :])).items():
            sentences[sentence] = sentences.get(sentence, 0.0) + p * rest
    return sentences


@pytest.mark.parametrize("text", [TINY, COWS], ids=["tiny", "cows"])
def test_grammar_figures_agree_with_every_sentence(given, text):
    """Probabilities, entropy and mean length are those of the list of all sentences, which adds up to 1."""
    grammar = given.grammar.read(text)
    sentences = expand(grammar, (grammar.start,))

    assert sum(sentences.values()) == pytest.approx(1)
    for sentence, p in sentences.items():
        assert grammar.logprob(sentence) == pytest.approx(math.log(p))
    assert grammar.entropy() == pytest.approx(-sum(p * math.log(p) for p in sentences.values()))
    assert grammar.expected(lambda word: 1.0) == pytest.approx(sum(p * len(s) for s, p in sentences.items()))


@pytest.mark.parametrize("words", [[], ["cows"], ["cows", "sleep", "sleep"], ["sleep"], ["in", "summer", "cows"]])
def test_what_a_grammar_does_not_make_is_impossible(given, words):
    """Too short, too long, and words out of place have the log probability -inf."""
    assert given.grammar.read(TINY).logprob(words) == -math.inf


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('s = "a" "b" | "a" "c"', "rule s: two alternatives begin with 'a'"),
        ('s = t "b" | "a"\nt = "a"', "rule s: two alternatives begin with 'a'"),
        ('s = s "b" | "a"', "rule s: begins with itself"),
        ('s = "a" s s | "b"', "no mean length"),
        ('s = "a" t', "rule s: there is no rule t"),
        ('s = "a" |', "rule s: an alternative has at least one word"),
        ('s = 0 "a" | "b"', "a weight above 0"),
        ('s = "a" 3', "rule s: '3' does not belong there"),
        ('s = "a"\ns = "b"', "expected a new name"),
        ("words", "expected a new name"),
        ("# nothing", "a grammar without a rule"),
    ],
)
def test_a_grammar_that_could_be_read_in_two_ways_is_refused(given, text, message):
    """So is one without an end, and one with a slip; the message names the rule."""
    with pytest.raises(ValueError, match=message):
        given.grammar.read(text)


def test_verses_are_as_surprising_as_their_rules(given, rng):
    """Mean log probabilities of many turns and lines are the exact entropies, per line, word and character."""
    grammar, known = given.data.verse_grammar(), given.data.verses_known()

    turns = [grammar.sample(rng) for _ in range(3000)]
    lines = [grammar.sample(rng, "line") for _ in range(6000)]

    surprise = -sum(map(grammar.logprob, turns))
    assert surprise / len(turns) == pytest.approx(grammar.entropy(), rel=0.04)
    assert surprise / len(given.verse.printed([*chain.from_iterable(turns)])) == pytest.approx(
        known.character, rel=0.01
    )
    surprise = -sum(grammar.logprob(line, "line") for line in lines)
    assert surprise / len(lines) == pytest.approx(known.line, rel=0.03)
    assert surprise / sum(len(line) + 1 for line in lines) == pytest.approx(known.word, rel=0.01)


def test_verses_are_long_and_rich_and_can_be_read_back(given, rng):
    """At least 200 kB and 1,500 words; what is printed has one reading: no two words differ by a capital alone."""
    grammar, text = given.data.verse_grammar(), given.data.verses(rng)

    words = given.verse.read_words(text, grammar)

    assert len(text.encode()) >= 200_000 and len(grammar.vocabulary()) >= 1500
    assert len({word[:1].upper() + word[1:] for word in grammar.vocabulary()}) == len(grammar.vocabulary())
    assert given.verse.printed(words) == text
    turns = " ".join(words).split(" \n \n")
    assert all(
        math.isfinite(grammar.logprob([*turn.split(" ")[i > 0 :], "\n", "\n"])) for i, turn in enumerate(turns[:50])
    )


def test_cows_eat_what_the_lecture_says(given):
    """After "cows eat" come corn (4 of 11), grass (3), hay (2), if (1), which (1), in the corpus and in its grammar."""
    after = [
        w for s in given.data.cows() for a, b, w in zip(s, s[1:], s[2:], strict=False) if (a, b) == ("cows", "eat")
    ]
    meal = given.data.cow_grammar().rules["meal"]

    assert {w: after.count(w) for w in after} == {"corn": 4, "grass": 3, "hay": 2, "if": 1, "which": 1}
    shares = {str(alternative[0]): 11 * p for alternative, p in zip(*meal, strict=True)}
    assert shares == pytest.approx({"corn": 4, "grass": 3, "hay": 2, "if": 1, "which": 1})


def test_shapes_are_told_as_well_as_the_posterior_says(given, rng):
    """The probability of a kind is a sum over places, done here one by one; its likeliest kind is right as often."""
    x, y = given.data.shapes(rng, 2000)
    templates = given.shape.shape_templates()
    votes = np.zeros(4)
    for kind, row, column in product(range(4), range(8), range(8)):
        picture = np.zeros((12, 12))
        picture[row : row + 5, column : column + 5] = templates[kind]
        votes[kind] += math.exp(-((x[0] - picture) ** 2).sum() / 2 / 0.25 + 60)

    posterior = given.data.shape_posterior(x)

    assert posterior[0] == pytest.approx(votes / votes.sum())
    assert np.mean(posterior.argmax(axis=1) == y) == pytest.approx(given.data.shape_ceiling(rng, 2000), abs=0.02)


def test_the_type_of_an_entity_is_told_by_the_word_after_it_alone(given, rng):
    """Names say nothing of the type, and every tag string is one that BIO allows."""
    sentences, tags = given.data.ner_synth(rng, 3000)
    followers: dict[str, set[str]] = {}
    kinds: dict[str, list[str]] = {}
    for words, marks in zip(sentences, tags, strict=True):
        assert len(words) == len(marks)
        for t, mark in enumerate(marks):
            if mark.startswith("B-"):
                kinds.setdefault(words[t], []).append(mark[2:])
                end = t + 2 if marks[t + 1].startswith("I-") else t + 1
                assert marks[end] == "O"
                followers.setdefault(mark[2:], set()).add(words[end])

    assert followers == {kind: set(words) for kind, words in given.tagged.AFTER.items()}
    for name in given.tagged.FIRST:
        shares = [kinds[name].count(kind) / len(kinds[name]) for kind in given.tagged.AFTER]
        assert shares == pytest.approx([1 / 3] * 3, abs=0.09)


def test_recall_shows_its_symbol_once_and_asks_at_the_end(given, rng):
    """Each step has one symbol, the first is the answer, the last the question, and nothing between depends on it."""
    x, y = given.data.recall(rng, 500, 7)

    symbols = x.argmax(axis=2)
    assert x.shape == (7, 500, 7) and (x.sum(axis=2) == 1).all()
    assert (symbols[0] == y).all() and (symbols[-1] == 6).all() and np.isin(symbols[1:-1], (4, 5)).all()
    assert np.bincount(y) / 500 == pytest.approx(np.full(4, 0.25), abs=0.08)
    with pytest.raises(ValueError, match="at least 2"):
        given.data.recall(rng, 3, 1)


def test_number_words_name_every_number_once(given, rng):
    """All 10,000 are different, made of 30 words; what is drawn does not repeat."""
    names = {tuple(given.data.number_words(i)) for i in range(10000)}
    pairs = given.data.numbers(rng, 600)

    assert len(names) == 10000 and {word for name in names for word in name} == set(given.data.NUMBER_WORDS)
    assert given.data.number_words(321) == ["three", "hundred", "twenty", "one"]
    assert len({number for _, number in pairs}) == 600
    assert all(words == given.data.number_words(int(number)) for words, number in pairs)
    for wrong in (-1, 10000):
        with pytest.raises(ValueError, match="0 to 9999"):
            given.data.number_words(wrong)


def test_the_handout_brings_its_data_along(assignment: Assignment, tmp_path: Path) -> None:
    """In a folder of its own the handout reads digits and verses, has the cards, and packs none of it."""
    write_files(tmp_path, handout.build(assignment))
    say = "print(len(data.digits()[1]), len(data.cows()), len(data.remotes()), data.verses_known().line > 20)"

    ended = subprocess.run(
        [sys.executable, "-E", "-c", f"import sys; sys.path[0] = '.'; from numnet.given import data; {say}"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    packed = subprocess.run(
        [sys.executable, "-E", "submit.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )

    assert ended.stdout == "1797 17 8 True\n"
    assert "datasets" not in packed.stdout and "numnet/conv.py" in packed.stdout
    assert {path.relative_to(ROOT) for path in (ROOT / "datasets").rglob("*.*")} == {
        path.relative_to(tmp_path) for path in (tmp_path / "datasets").rglob("*.*")
    }


def test_the_examples_of_the_docstrings_hold() -> None:
    """What a docstring of a given module shows is what comes out."""
    modules = [f"numnet/given/{name}.py" for name in ("conll", "grammar", "idx", "markov", "numeral", "text", "verse")]

    ended = subprocess.run(
        [sys.executable, "-E", "-B", "-m", "doctest", *modules],
        cwd=ROOT / "solution", capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize(
    "name", ["cows", "digits", "markov2", "ner-synth", "numbers", "phonemes", "recall", "shapes", "verses"]
)
def test_every_set_has_a_card(name: str) -> None:
    """A card says origin, licence, and what is known exactly, and the index names it."""
    card = (ROOT / "datasets" / name / "README.md").read_text("utf-8")

    assert all(f"| {row} |" in card for row in ("origin", "licence", "size", "known exactly"))
    assert f"({name}/README.md)" in (ROOT / "datasets" / "README.md").read_text("utf-8")

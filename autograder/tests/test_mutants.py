"""The mutants: what is changed, what they are called, who finds them, and what is said of those that nobody finds."""

import ast
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.errors import AssignmentError, Label
from autograder.mutants.__main__ import main
from autograder.mutants.equivalent import Equivalent, Equivalents, read_equivalents
from autograder.mutants.examination import Examiner, Verdict, problems_of
from autograder.mutants.finding import Finding, complaints, summary
from autograder.mutants.mutant import read_mutants

OPERATORS = {
    "x + y": {"x - y", "x", "y"},
    "x < y <= 3": {"x <= y <= 3", "x >= y <= 3", "x < y < 3", "x < y > 3", "x < y <= 4", "x < y <= 2"},
    "p and not q": {"p or not q", "p", "not q", "p and q"},
    "x if p else 1.0": {"x", "1.0", "x if p else 2.0", "x if p else 0.0"},
    "[1e-9, True, 'w']": {"[2e-09, True, 'w']", "[0.0, True, 'w']", "[1e-09, False, 'w']", "[1e-09, True, '']"},
    "a[t, 2:k]": {
        "a[t + 1, 2:k]", "a[t - 1, 2:k]", "a[t, :k]", "a[t, 2:]", "a[t, 2:k + 1]", "a[t, 2:k - 1]",
        "a[2:k, t]", "a[t, 3:k]", "a[t, 1:k]",
    },
    "a[::k]": {"a[:]"},
    "a.T": {"a"},
    "(x, y)": {"(y, x)"},
    "a.copy()": {"a"},
    "f(x, y, k=z)": {"x", "f(y, x, k=z)", "f(x, y)"},
    "np.f(x, strict=True)": {"x"},
    "max(x, y)": {"min(x, y)", "x"},
    "float(x)": set(),
    "range(n)": {"n", "range(n + 1)", "range(n - 1)"},
    "[x for x in xs if yes]": {
        "[x for x in list(xs)[1:] if yes]", "[x for x in list(xs)[:-1] if yes]", "[x for x in xs if True]",
        "[x for x in xs if False]",
    },
}  # fmt: skip
STATEMENTS = {
    "total += y": {"total = y", "total -= y", "pass"},
    "if p:\n        raise ValueError('%d' % p)": {"if True:", "if False:", "pass"},
    "for x in xs:\n        continue": {"for x in list(xs)[1:]:", "for x in list(xs)[:-1]:", "break", "pass"},
}


def mutants_of(line, arguments="*any"):
    """Return the mutants of a function of one statement."""
    source = f'def f({arguments}):\n    """Say {{x + y}}."""\n    {line}\n'.encode()
    return [mutant.of(source).decode() for mutant in read_mutants("given.py", source)]


@pytest.mark.parametrize("expression", OPERATORS)
def test_an_expression_is_changed_in_every_way_that_there_is(expression):
    """One slip at a time: a sign, a bound, an axis, an argument, one more and one less."""
    bodies: list[Any] = [ast.parse(text).body[0].body[1] for text in mutants_of(f"yield {expression}")]
    changed = {ast.unparse(body.value.value) for body in bodies if not isinstance(body, ast.Pass)}

    assert changed == OPERATORS[expression]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_is_left_out_or_weakened(statement):
    """Conditions go either way, loops miss an end, errors are not raised; their words do not matter."""
    texts = [ast.unparse(ast.parse(text)) for text in mutants_of(statement)]

    assert len(texts) == len(STATEMENTS[statement])
    for wanted in STATEMENTS[statement]:
        assert sum(wanted in text for text in texts) == 1, wanted


def test_a_name_is_taken_for_its_neighbour():
    """h_b for h_f, but not for another kind of name."""
    texts = mutants_of("return h_f", "h_f, h_b, x, params")

    assert [text.splitlines()[-1].strip() for text in texts] == ["pass", "return (h_b)"]


def test_a_mutant_keeps_its_name_when_lines_move(solution):
    """The list of equivalents stays true when somebody writes a comment, or breaks a line."""
    source = solution["conv.py"]
    moved = source.replace(b"    ### BEGIN", b"    # a word\n    ### BEGIN").replace(
        b"dy.sum(axis", b"dy.sum(\n        axis"
    )

    before, after = read_mutants("conv.py", source), read_mutants("conv.py", moved)

    assert moved != source
    assert list(map(str, before)) == list(map(str, after))
    assert str(before[0]) == "conv.py conv_output_size: n + 2 * padding < k -> True"


def test_every_mutant_is_another_module_with_a_name_of_its_own(solution):
    """What is to be examined compiles, says something else than the solution, and can be told from all others."""
    for file in ("conv.py", "seq2seq.py"):
        mutants, right = read_mutants(file, solution[file]), ast.dump(ast.parse(solution[file]))

        assert len({str(mutant) for mutant in mutants}) == len(mutants) > 300
        for mutant in mutants[::20]:
            assert ast.dump(ast.parse(mutant.of(solution[file]))) != right, mutant


def test_a_function_is_examined_by_its_own_problem(assignment):
    """Whoever writes it wrong loses points where they are given for it; a helper serves all problems of its module."""
    found = {
        target: [problem.id for problem in problems_of(assignment, target)]
        for target in ("conv.conv2d_backward", "ngram.AddK.prob", "seq2seq.lstm_weights", "pool._pair")
    }

    assert found == {
        "conv.conv2d_backward": ["A3"],
        "ngram.AddK.prob": ["G3"],
        "seq2seq.lstm_weights": ["I1", "I2"],
        "pool._pair": ["A4"],
    }


@pytest.fixture(scope="module")
def examiner(assignment, sandbox, reference, request):
    """Return an examiner; the mark of the checks it reads is declared, as a session of checks would."""
    request.config.addinivalue_line("markers", "problem(identifier, training): the problem that a check belongs to")
    return Examiner(assignment, sandbox, reference)


@pytest.mark.parametrize("file", ["linear.py", "embedding.py"])
def test_a_sample_of_mutants_is_found(examiner, solution, file):
    """Some mutants of two files, each found by a check; `make mutants` examines them all."""
    known = read_equivalents().mutants
    sample = [mutant for mutant in read_mutants(file, solution[file])[3::15] if str(mutant) not in known]

    for mutant in sample:
        verdict = examiner.examine(mutant.target, {**solution, file: mutant.of(solution[file])})

        assert verdict.label not in (Label.OK, Label.GRADER_ERROR), mutant
        assert verdict.check.startswith("test_") and verdict.message


def test_what_changes_nothing_survives(examiner, solution):
    """The solution passes every check that is asked, and so does a mutant that is known to be as good."""
    name = "linear.py softmax_cross_entropy: np.log(total[:, 0]) -> np.log(total[:, -1])"
    mutant = next(one for one in read_mutants("linear.py", solution["linear.py"]) if str(one) == name)

    assert examiner.examine(mutant.target, solution) == Verdict()
    assert examiner.examine(mutant.target, {**solution, "linear.py": mutant.of(solution["linear.py"])}) == Verdict()


def test_every_listed_mutant_is_one(solution):
    """No reason is kept for what is no longer in the solution; each is a sentence."""
    known = read_equivalents()
    mutants = [mutant for file, source in solution.items() for mutant in read_mutants(file, source)]

    assert known.mutants.keys() <= {str(mutant) for mutant in mutants}
    assert known.functions.keys() <= {f"{mutant.file} {mutant.function}" for mutant in mutants}
    assert all(len(one.reason.split()) >= 3 for one in known.mutants.values())


FOUND = Finding("a.py f: x -> y", 7, "test_x", Label.WRONG, "not right", "")
SURVIVED = replace(FOUND, check="", label=Label.OK, message="")
LISTED = Equivalents({FOUND.mutant: Equivalent(FOUND.mutant, "it is the same", "equivalents.toml line 3")}, {})
NOTHING = Equivalents({}, {})


@pytest.mark.parametrize(
    ("finding", "known", "expected"),
    [
        (FOUND, NOTHING, []),
        (SURVIVED, NOTHING, ["a.py f: x -> y (line 7): no check finds it; sharpen one, or give the reason"]),
        (replace(SURVIVED, reason="it is the same"), LISTED, []),
        (replace(FOUND, reason="it is the same"), LISTED,
         ["equivalents.toml line 3: a.py f: x -> y is found by test_x; strike it out"]),
        (replace(FOUND, mutant="a.py f: other"), LISTED,
         ["equivalents.toml line 3: a.py f: x -> y is no mutant; strike it out"]),
        (replace(FOUND, label=Label.GRADER_ERROR), NOTHING,
         ["a.py f: x -> y (line 7): test_x blames us: not right"]),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said(finding, known, expected):
    """A survivor without a reason, a reason for what is found or is not there, a check that breaks."""
    assert list(complaints([finding], known, ["a.py"])) == expected


def test_a_line_sums_up():
    """How many there are, how many were found, how many are known, and what is left."""
    known = replace(SURVIVED, reason="it is the same")

    assert summary([FOUND, known], []) == "2 mutants: 1 found by a check, 1 known to change nothing"
    assert summary([FOUND, SURVIVED], ["..."]).endswith("0 known to change nothing, 1 unexplained; 1 to look at")


def test_a_mutant_has_one_reason(tmp_path):
    """A second reason for the same mutant is refused with its line."""
    path = tmp_path / "equivalents.toml"
    path.write_text('[a]\nmutants = ["x"]\nreason = "so"\n[b]\nreason = "or so"\nmutants = [\n"x",\n]\n', "utf-8")

    with pytest.raises(
        AssignmentError, match=r"equivalents.toml line 6: x has a reason already, in equivalents.toml line 2"
    ):
        read_equivalents(path)


def test_an_unknown_file_is_refused():
    """The command says what is wrong with its option, without a traceback."""
    result = CliRunner().invoke(main, ["--file", "nothing.py"])

    assert result.exit_code == 2
    assert "--file nothing.py: the solution has no such module" in result.output

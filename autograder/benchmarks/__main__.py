"""The command `python -m autograder.benchmarks`: measure, and print."""

import dataclasses
import os
import sys

import click
from rich.console import Console

from autograder.benchmarks import table
from autograder.benchmarks.figure import Findings
from autograder.benchmarks.measurement import measure
from autograder.benchmarks.race.duel import missing, race
from autograder.errors import AutograderError
from autograder.scale import share_cores

out, err = Console(), Console(stderr=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(min=1),
              help="How often to measure what is compared")  # fmt: skip
@click.option("--json", "shape", flag_value="json", help="Print the figures as JSON")
@click.option("--markdown", "shape", flag_value="markdown", help="Print the tables as they stand in the README")
def main(rounds: int, shape: str | None) -> None:
    """Measure how fast the autograder is, beside other graders, and the reference beside torch and nltk.

    \b
    Examples:
        python -m autograder.benchmarks
        python -m autograder.benchmarks --rounds 25 --markdown
    """
    os.sched_setaffinity(0, share_cores(os.cpu_count() or 1)[0])  # as a worker does when there is one for every core
    try:
        with err.status("measuring; nothing else should run on this machine now"):
            findings = _findings(rounds)
    except AutograderError as error:
        raise click.ClickException(str(error)) from error
    if shape == "json":
        sys.stdout.buffer.write(table.to_json(findings))
    elif shape == "markdown":
        click.echo(table.markdown(findings), nl=False)
    else:
        out.print(table.terminal(findings))


def _findings(rounds: int) -> Findings:
    """Measure the autograder, and the reference beside others where they are installed."""
    findings = measure(rounds)
    if absent := missing():
        err.print(f"{' and '.join(absent)} not installed: the reference was not raced; pip install -e '.[oracle]'")
        return findings
    contests, versions = race(rounds)
    return dataclasses.replace(findings, contests=contests, machine={**versions, **findings.machine})


if __name__ == "__main__":
    main()

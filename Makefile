# `make` lists the targets. What CI runs is in .ci/run.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "needs Python 3.11 to 3.13, and $(PYTHON) is not; say which: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/ready-cluster: $(VENV)/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[cluster]'
	@touch $@

$(VENV)/ready-notebooks: $(VENV)/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[notebooks]'
	@touch $@

$(VENV)/ready-oracle: $(VENV)/ready-dev
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[oracle]'
	@touch $@

grade: $(VENV)/ready  ## set up if needed; grade the solution, the handout and the demonstration class
	@test -d class || $(BIN)/autograder demo-class class
	$(BIN)/autograder grade class --out results

test: $(VENV)/ready-dev  ## set up if needed; run every test
	$(BIN)/pytest

oracle: $(VENV)/ready-oracle  ## compare numnet with torch, nltk and seqeval, and list what they cover
	PYTHONPATH=solution $(BIN)/pytest autograder/oracles

check: $(VENV)/ready-dev  ## format, lint, types, contracts, freshness of pictures, handout, notebooks and MESSAGES.md
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=solution $(BIN)/lint-imports
	PYTHONPATH=solution $(BIN)/python -m autograder.illustration --check
	$(BIN)/autograder handout --check
	$(BIN)/autograder notebooks --check
	$(BIN)/autograder explain --check

cluster: $(VENV)/ready-cluster  ## grade the demonstration class on a cluster: a scheduler and two workers, all here
	@test -d class || $(BIN)/autograder demo-class class
	$(BIN)/python -m autograder.loopback class --out results $(GRADE)

handout: $(VENV)/ready  ## write handout/ from solution/
	$(BIN)/autograder handout

notebooks: $(VENV)/ready-notebooks  ## write handout/notebooks/ from notebooks/source/, through nbgrader
	$(BIN)/autograder notebooks

gradebook: $(VENV)/ready-notebooks  ## write the scores of results/ into nbgrader's gradebook
	$(BIN)/autograder export nbgrader results --submissions class

trial: $(VENV)/ready-notebooks  ## run every notebook with the solution: two minutes
	$(BIN)/python -m autograder.notebooks.trial

messages: $(VENV)/ready  ## provoke every message to students, and write the page about them
	$(BIN)/autograder explain --all > messages.new
	mv messages.new autograder/MESSAGES.md
	$(BIN)/autograder handout

pictures: $(VENV)/ready-dev  ## draw the pictures of the READMEs from the trained solution
	PYTHONPATH=solution OPENBLAS_NUM_THREADS=1 $(BIN)/python -m autograder.illustration
	$(BIN)/autograder handout

class: $(VENV)/ready  ## write a demonstration class of 40 submissions made from known mistakes
	$(BIN)/autograder demo-class class

gradescope autolab prairielearn github: $(VENV)/ready
	$(BIN)/autograder bundle $@

gradescope:  ## write what this platform takes into bundles/
autolab:  ## the same, a lab
prairielearn:  ## the same, an image
github:  ## the same, for GitHub Classroom

doctor: $(VENV)/ready  ## which layers of the wall hold here
	$(BIN)/autograder doctor

attacks: $(VENV)/ready-dev  ## attack every level of the wall that this machine has
	$(BIN)/python -m autograder.attacks

mistakes: $(VENV)/ready-dev  ## make every known mistake: is it caught, explained, and harmless to other problems
	$(BIN)/python -m autograder.mistakes $(MISTAKES)

mutants: $(VENV)/ready-dev  ## change the solution in every small way, and see that a check finds it: ten minutes
	$(BIN)/python -m autograder.mutants $(MUTANTS)

$(VENV)/rivals/%/ready: $(VENV)/ready
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check pytest numpy msgspec $(RIVAL_$*)
	@touch $@
RIVAL_gradescope := gradescope-utils==0.5.0
RIVAL_nbgrader := nbgrader==0.9.6
RIVAL_otter := 'otter-grader[grading]==7.0.0'

bench: $(VENV)/ready-oracle | $(patsubst %,$(VENV)/rivals/%/ready,gradescope nbgrader otter)  ## print the benchmark tables
	$(BIN)/python -m autograder.benchmarks

soak: $(VENV)/ready-dev  ## grade a thousand submissions in one run, and kill processes of twenty others: an hour
	$(BIN)/python -m autograder.soak $(SOAK)

seeds: $(VENV)/ready-dev  ## grade solution, mistakes and right answers with 50 seeds, and name checks that waver: half an hour
	$(BIN)/python -m autograder.constancy autograder/tests/styles/* $(SEEDS)

clean:  ## remove what was made here, the environment included
	rm -rf $(VENV) class results bundles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: help grade cluster test oracle check handout messages pictures notebooks gradebook trial class gradescope autolab prairielearn github doctor attacks mistakes mutants bench soak seeds clean

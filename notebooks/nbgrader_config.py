"""The course for nbgrader: its own tools work as their users know them, but no notebook is ever executed."""

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from autograder.notebooks.answers import OwnCells, WrittenAnswers

c = get_config()
c.CourseDirectory.course_id = "cnn-rnn-lm"
c.ClearSolutions.code_stub = {"python": ""}  # the line before it, `size = None`, is the stub
c.Autograde.sanitize_preprocessors = [  # as in nbgrader, but for OwnCells
    OwnCells,
    ClearOutput,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [  # as in nbgrader, but for WrittenAnswers in the place of Execute
    WrittenAnswers,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

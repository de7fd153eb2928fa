"""The course for nbgrader: its own tools work as their users know them, but no notebook is ever executed."""

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from autograder.notebooks.answers import WrittenAnswers

c = get_config()
c.CourseDirectory.course_id = "cnn-rnn-lm"
c.ClearSolutions.code_stub = {"python": ""}  # what stands before it, `size = None`, is the stub
c.OverwriteCells.add_missing_cells = True  # a question that was deleted is an answer that was not given
c.Autograde.autograde_preprocessors = [  # as in nbgrader, but for WrittenAnswers in the place of Execute
    WrittenAnswers,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

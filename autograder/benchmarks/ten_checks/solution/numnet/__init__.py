"""Ten functions to compare graders on."""

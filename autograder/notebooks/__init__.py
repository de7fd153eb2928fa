"""The homework in nbgrader: release notebooks, written answers read as literals, one gradebook."""

"""A cluster on one machine, for `make cluster`: a scheduler and two workers, and the command that grades on them."""

import sys

import dask
from distributed import LocalCluster

from autograder.cli import main

WORKERS = 2
SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,  # a submission whose worker died is graded elsewhere, once
    "distributed.admin.log-format": "%(levelname)s %(message)s",
}


def grade(arguments: list[str]) -> None:
    """Grade with the options of `autograder grade` on a cluster that ends with this process."""
    with (
        dask.config.set(SETTINGS),
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        main(["grade", "--cluster", cluster.scheduler_address, *arguments])


if __name__ == "__main__":
    grade(sys.argv[1:])

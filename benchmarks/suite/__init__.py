"""The benchmark suite: data sets, systems, tasks, results and report."""

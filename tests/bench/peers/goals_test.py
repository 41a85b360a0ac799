"""Checks that goals.py finds the figures that other programs print.   usage: goals_test.py HTTP_COST TASK_COSTS"""

import shutil
import sys

import goals

if not shutil.which("valgrind") or not shutil.which("strace"):
    print("[skipped] no valgrind or no strace")
    sys.exit(0)
table = goals.Table()
goals.counts(table, sys.argv[1])
goals.tasks(table, sys.argv[2])
missing = [row["figure"] + ": " + row["against"] for row in table.rows if row["value"] is None]
assert len(table.rows) == 6, table.rows
assert not missing, missing

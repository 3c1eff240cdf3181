"""Measures Tandem against its budgets, as ratios wherever a ratio can be had.

`python -m bench` starts a copy of its own, prints a table and writes `bench/latest.json` in
the data folder. Nothing here is used by Tandem itself.
"""

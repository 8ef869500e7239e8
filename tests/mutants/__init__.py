"""Mutants of the rules: each figure, verdict and condition of the tables changed in turn.

A mutant is one change at one place of one data file. It is killed when a dialogue of `tests/dialogues` no
longer holds under it; one that no dialogue notices is a sentence about money that nobody tests.
"""

"""How many mutants of the service the tests kill: `make mutants`.

A mutant is the code with one small change: another number, a condition turned round, an argument left out. Where no
test fails on it, no test says what that code is for.
"""

"""Reads curl's test cases (tests/data of its repository), serves their replies and judges what a client did."""

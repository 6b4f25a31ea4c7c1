r"""For the tests of whoever ships claims: the contract that every claim has to keep."""

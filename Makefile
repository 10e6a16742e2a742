.DEFAULT_GOAL := help
PYTHON ?= .venv/bin/python

help: ## what there is to make
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: help

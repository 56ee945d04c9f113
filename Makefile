# `make help` lists the targets.

MVN ?= mvn --batch-mode --no-transfer-progress

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help fmt build images cli version k8s.yaml check check-java check-agent check-bench check-scripts check-workflows check-words check-docs check-version check-chart check-alerts check-images check-page check-netem check-krew check-lab compat screenshot fuzz demo test e2e soak bench release lab-up lab-down clean

help: ## List the targets.
	@sed -n 's/^\([a-z0-9.-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    awk -F '\t' '{ printf "  make %-16s %s\n", $$1, $$2 }'

fmt: ## Format every Java and Rust source.
	hack/cargo fmt
	$(MVN) --quiet process-sources --projects build -Dformat.mode=fix

build: ## Compile everything and gather the program's jars in app/target/lib, without tests.
	hack/need mvn:maven
	$(MVN) -Dorg.slf4j.simpleLogger.defaultLogLevel=warn package -DskipTests

images: build ## Stage the trees of both images: agent and kube-vxlan-controller.
	agent/stage
	images/controller/stage

cli: ## The command vxlan with all that it needs, in cli/target/vxlan: put it anywhere, link bin/vxlan into the PATH.
	hack/need mvn:maven python3 openssl
	$(MVN) -Dorg.slf4j.simpleLogger.defaultLogLevel=warn package -DskipTests --projects cli --also-make
	cli/stage

version: ## Make V=1.1.0 the version of everything, in VERSION and wherever it stands.
	hack/need python3
	hack/version $(V)
	charts/generate

k8s.yaml: ## Write k8s.yaml and the chart's table of values from the chart.
	hack/need python3
	charts/generate

check: check-java check-scripts check-workflows check-words check-docs check-version check-chart check-agent check-bench ## Everything that needs neither root nor a cluster.

check-java: ## Formatter, static checks and unit tests.
	hack/need zsh fish python3
	$(MVN) verify --activate-profiles micro

check-page: ## The live page in a real Chromium, without a cluster; what is missing is installed.
	hack/need mvn:maven
	hack/need-browser
	$(MVN) verify --projects browser --also-make --activate-profiles browser -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false

screenshot: check-page ## Take the picture of the live page anew that the documents show.
	cp browser/target/screenshots/light.png docs/images/page.png

check-agent: ## Formatter, linter and unit tests of the agent.
	hack/cargo fmt --check
	hack/cargo clippy --quiet --locked --all-targets --features kernel -- --deny warnings
	hack/cargo test --quiet --locked

check-bench: ## Unit tests of what `make bench` computes.
	hack/need python3
	hack/python-tests bench

check-netem: ## Impairments in a virtual machine of Debian's kernel, which has netem; downloads that once, installs qemu.
	agent/check-netem

fuzz: ## Look for inputs that break something, for SECONDS=20 or more each: definitions, annotations, reviews, requests.
	hack/fuzz $(SECONDS)
	FUZZ_SECONDS=$(or $(SECONDS),20) hack/cargo test --quiet --locked --test fuzz

check-scripts: ## shellcheck over every shell script.
	hack/check-scripts

check-workflows: ## actionlint over the workflows of GitHub; the first time ever it is built, which takes a minute.
	hack/need shellcheck
	lab/actionlint

check-words: ## Fail where a word stands that has a better one (hack/check-words lists them).
	hack/need python3
	hack/check-words

check-docs: ## Fail where a document names a file, heading or test that is not there.
	hack/need python3
	hack/check-docs

check-version: ## Fail where a file has another version than VERSION, or a Dockerfile names a base image without digest.
	hack/need python3
	hack/version check
	hack/bases check

check-chart: ## Test the chart; fail if k8s.yaml or the chart's README is not current.
	hack/need python3
	charts/generate check
	charts/tests/run

check-alerts: ## Have promtool check and test the chart's alerts; the first time ever it is built, which takes minutes.
	hack/need python3
	charts/tests/alerts/check

check-images: ## Build both images by their Dockerfiles alone, compiling inside, start them, and list their packages as a scanner does.
	images/check

compat: build ## Chart, policies and admission on the API server alone of the oldest and newest Kubernetes; built first, which takes long.
	lab/compat

check-krew: ## Have krew install the archive of `make release-cli`, and run it; the first time ever krew is built.
	hack/check-krew

check-lab: ## Test the lab itself. Takes down the lab that is up, and leaves none.
	lab/check

demo: ## Show it: a lab of two nodes, the chart, the examples, pings between their pods.
	hack/setup
	lab/up
	lab/install
	examples/demo
	hack/footprint

test: ## Every test there is, the lab and the end-to-end suite included; the last line says how many ran.
	hack/test

e2e: ## The end-to-end suite alone, against the lab as it is (`make lab-up`, lab/install). One class: IT=GatewayIT. Two labs: LABS=0,1
	eval "$$(lab/env)" && $(MVN) verify --projects e2e --activate-profiles $(if $(LABS),labs -Dlabs=$(LABS),e2e) $(if $(IT),-Dit.test=$(IT)) $(if $(SEED),-De2e.seed=$(SEED))

soak: ## The long runs, one after another, against the lab as it is. One class: IT=RotationSoak
	eval "$$(lab/env)" && $(MVN) verify --projects e2e --activate-profiles soak $(if $(IT),-Dit.test=$(IT)) $(if $(SEED),-De2e.seed=$(SEED))

bench: ## What it costs, beside peers and floors, as a table and a file. ONLY=admission, large, dataplane, filters or micro (no cluster), joining or names (the lab as it is)
	bench/run $(ONLY)

release: ## Release the version in VERSION; DRY_RUN=1 makes what can be made here, and prints what would leave this machine.
	hack/release check files cli images publish

release-%: # One step of a release: check, files, cli, images or publish.
	hack/release $*

lab-up: ## Start the lab, a Kubernetes of two nodes on this machine.
	lab/up

lab-down: ## Stop the lab; nothing of it stays but the cache.
	lab/down

clean: ## Remove everything that was built in this checkout.
	$(MVN) --quiet clean
	rm -rf target agent/target bench/target images/controller/target

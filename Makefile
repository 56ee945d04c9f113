# `make help` lists the targets.

MVN ?= mvn --batch-mode --no-transfer-progress

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help fmt build images k8s.yaml check check-java check-scripts check-chart fuzz demo test e2e soak bench lab-up lab-down clean

help: ## List the targets.
	@sed -n 's/^\([a-z0-9.-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

fmt: ## Format every Java source.
	$(MVN) --quiet process-sources --projects build -Dformat.mode=fix

build: ## Compile everything and gather the program's jars in app/target/lib, without tests.
	hack/need mvn:maven
	$(MVN) -Dorg.slf4j.simpleLogger.defaultLogLevel=warn package -DskipTests

images: build ## Stage the trees of both images: agent and kube-vxlan-controller.
	hack/need busybox:busybox-static dash 'gcc:gcc libc6-dev' ip:iproute2 nft:nftables flock:util-linux
	agent/stage
	images/controller/stage

k8s.yaml: ## Write k8s.yaml and the chart's table of values from the chart.
	hack/need python3
	charts/generate

check: check-scripts check-chart check-java ## Everything that needs neither root nor a cluster.

check-java: ## Formatter, static checks and unit tests.
	$(MVN) verify

fuzz: ## Look for inputs that break something, for SECONDS=20 or more each: definitions, annotations, reviews.
	hack/fuzz $(SECONDS)

check-scripts: ## shellcheck over every shell script.
	hack/check-scripts

check-chart: ## Test the chart; fail if k8s.yaml or the chart's README is not current.
	hack/need python3
	charts/generate check
	charts/tests/run

demo: ## Show it: a lab of two nodes, the chart, the examples, pings between their pods.
	hack/setup
	lab/up
	lab/install
	examples/demo
	hack/footprint

test: ## Every test there is, the lab and the end-to-end suite included; the last line says how many ran.
	hack/test

e2e: ## The end-to-end suite alone, against the lab as it is (`make lab-up`, lab/install). One class: IT=GatewayIT
	eval "$$(lab/env)" && $(MVN) verify --projects e2e --activate-profiles e2e $(if $(IT),-Dit.test=$(IT)) $(if $(SEED),-De2e.seed=$(SEED))

soak: ## The long runs, one after another, against the lab as it is. One class: IT=RotationSoak
	eval "$$(lab/env)" && $(MVN) verify --projects e2e --activate-profiles soak $(if $(IT),-Dit.test=$(IT)) $(if $(SEED),-De2e.seed=$(SEED))

bench: ## What joining costs: N pods at once, in seconds and exec requests, against the lab as it is.
	eval "$$(lab/env)" && $(MVN) --quiet verify --projects e2e --activate-profiles bench

lab-up: ## Start the lab, a Kubernetes of two nodes on this machine.
	lab/up

lab-down: ## Stop the lab; nothing of it stays but the cache.
	lab/down

clean: ## Remove everything that was built in this checkout.
	$(MVN) --quiet clean
	rm -rf agent/target images/controller/target

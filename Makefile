# The tasks in this repository. `make help` lists them.

PREFIX ?= /usr/local
DESTDIR ?=

# Without the shared Swift runtime programs start in half the time and need no toolchain.
SWIFT_RELEASE = swift build -c release --static-swift-stdlib
release = .build/release

commands = $(shell Sources/Programs/link --programs)
swift_sources = $(shell find Package.swift Sources Tests examples -name '*.swift' ! -name '*.pb.swift' \
	! -path '*/.build/*')
scripts = $(shell grep -rlE --exclude-dir=.venv --exclude-dir=.build '^\#!/bin/(ba)?sh' \
	.ci .packaging Sources Tests examples)
man_pages = $(wildcard man/*.[1-8])
protos = $(shell cd Protos && find hector goplugin grpc -name '*.proto' | sort)

.PHONY: help build test demo bench lint protos check-protos completions install uninstall deb dist \
	check-packages clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

build: ## Build the programs and plugins into .build/release
	.ci/setup build
	$(SWIFT_RELEASE)
	Sources/Programs/link $(release)

test: ## Build everything for tests, foreign plugins too, and run all tests
	.ci/setup test
	Tests/run

demo: ## Index this repository (or DOCS=folder) and ask it three questions
	.ci/setup demo
	$(SWIFT_RELEASE)
	Sources/Programs/link $(release)
	DOCS='$(DOCS)' .ci/demo

bench: ## Measure the design's figures beside its peers; prints a table
	.ci/setup bench
	Tests/Foreign/build
	$(SWIFT_RELEASE)
	Sources/Programs/link $(release)
	Tests/Benchmarks/run

lint: ## Check the style of Swift, scripts, man pages and prose
	.ci/setup lint
	.ci/check-storeys
	.ci/check-prose
	swift format lint --strict --parallel $(swift_sources)
	$(if $(scripts),shellcheck -x $(scripts))
	$(if $(man_pages),mandoc -T lint -W warning $(man_pages))

# The generator comes from the checkout of swift-protobuf that the package uses already. A release
# build would take twice the time, and it has little to do.
protoc_gen_swift = .build/protoc/debug/protoc-gen-swift
swift_options = Visibility=Package,UseAccessLevelOnImports=true,FileNaming=FullPath
protoc = protoc -I Protos --plugin=$(protoc_gen_swift) --swift_opt=$(swift_options)

$(protoc_gen_swift): Package.swift
	.ci/setup build protos
	swift package resolve
	swift build --package-path .build/checkouts/swift-protobuf \
		--scratch-path .build/protoc --product protoc-gen-swift
	touch $@

protos: $(protoc_gen_swift) ## Generate Sources/Contract/Messages from Protos again
	rm -f Sources/Contract/Messages/*/*.pb.swift
	$(protoc) --swift_out=Sources/Contract/Messages $(protos)

check-protos: $(protoc_gen_swift) ## Check that Sources/Contract/Messages matches Protos
	rm -rf .build/messages && mkdir -p .build/messages
	$(protoc) --swift_out=.build/messages $(protos)
	diff -r -x Methods.swift -x ChatModel+Protobuf.swift .build/messages Sources/Contract/Messages

completions: build ## Generate completions for bash, zsh and fish again
	mkdir -p completions/bash completions/zsh completions/fish
	for command in $(commands); do \
		$(release)/$$command --generate-completion-script bash >completions/bash/$$command && \
		$(release)/$$command --generate-completion-script zsh >completions/zsh/_$$command && \
		$(release)/$$command --generate-completion-script fish >completions/fish/$$command.fish \
		|| exit 1; \
	done

install uninstall: export PREFIX := $(PREFIX)
install uninstall: export DESTDIR := $(DESTDIR)
install: ## Install what `make build` made; PREFIX=/usr/local DESTDIR=
	.packaging/install

uninstall: ## Remove what `make install` installed; PREFIX=/usr/local DESTDIR=
	.packaging/install --uninstall

deb: build ## Build the Debian packages into .build/packages
	.ci/setup packages
	.packaging/deb

dist: build ## Build a tarball for other distributions into .build/packages
	.ci/setup packages
	.packaging/dist

# Only chroot(8) needs root: what is built belongs to the user.
check-packages: deb dist ## Try the packages and the tarball in clean chroots, as root or through sudo
	.packaging/deb +1 .build/upgrade
	$(if $(filter 0,$(shell id -u)),,sudo) .ci/check-packages

clean: ## Remove everything that was built
	rm -rf .build

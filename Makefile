# Everything a person or a machine does with this repository. `make help` lists it.

PREFIX ?= /usr/local
DESTDIR ?=

# Without the shared Swift runtime programs start in half the time and need no toolchain.
SWIFT_RELEASE = swift build -c release --static-swift-stdlib
release = .build/release

commands = $(shell Sources/Programs/link --programs)
manifests = $(wildcard Sources/Plugins/*/*.plugin.yaml)
# What `Sources/Programs/link` gives its names: those of programs and plugins.
executables = hector hector-shell
shared = hector-filters hector-plugins hector-http-plugins
swift_sources = $(shell find Package.swift Sources Tests examples -name '*.swift' ! -name '*.pb.swift' \
	! -path '*/.build/*')
scripts = $(shell grep -rlE --exclude-dir=.venv --exclude-dir=.build '^\#!/bin/(ba)?sh' \
	.ci Sources Tests examples)
man_pages = $(wildcard man/*.[1-8])
protos = $(shell cd Protos && find hector goplugin grpc -name '*.proto' | sort)

.PHONY: help build test demo bench lint protos check-protos completions install clean

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

bench: ## Measure what the design promises, beside its peers; prints a table
	.ci/setup bench
	Tests/Foreign/build
	$(SWIFT_RELEASE)
	Sources/Programs/link $(release)
	Tests/Benchmarks/run

lint: ## Check the style of Swift, scripts and man pages
	.ci/setup lint
	.ci/check-storeys
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

protos: $(protoc_gen_swift) ## Generate Sources/Contract/Messages from Protos anew
	rm -f Sources/Contract/Messages/*/*.pb.swift
	$(protoc) --swift_out=Sources/Contract/Messages $(protos)

check-protos: $(protoc_gen_swift) ## Check that Sources/Contract/Messages is what Protos says
	rm -rf .build/messages && mkdir -p .build/messages
	$(protoc) --swift_out=.build/messages $(protos)
	diff -r -x Methods.swift .build/messages Sources/Contract/Messages

completions: build ## Generate completions for bash, zsh and fish anew
	mkdir -p completions/bash completions/zsh completions/fish
	for command in $(commands); do \
		$(release)/$$command --generate-completion-script bash >completions/bash/$$command && \
		$(release)/$$command --generate-completion-script zsh >completions/zsh/_$$command && \
		$(release)/$$command --generate-completion-script fish >completions/fish/$$command.fish \
		|| exit 1; \
	done

# Does not build, so that `sudo make install` leaves nothing of root's in .build.
install: ## Install what `make build` made; PREFIX=/usr/local DESTDIR=
	@test -x $(release)/hector-embed || { echo "install: run 'make build' first" >&2; exit 1; }
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib/hector/plugins'
	install -s -m 755 $(executables:%=$(release)/%) '$(DESTDIR)$(PREFIX)/bin/'
	install -s -m 755 $(shared:%=$(release)/%) '$(DESTDIR)$(PREFIX)/lib/hector/'
	install -m 644 $(manifests) '$(DESTDIR)$(PREFIX)/lib/hector/plugins/'
	Sources/Programs/link --install '$(DESTDIR)$(PREFIX)'
	for page in $(man_pages); do \
		folder='$(DESTDIR)$(PREFIX)/share/man'/man$${page##*.}; \
		install -d "$$folder" && install -m 644 $$page "$$folder/" || exit 1; \
	done
	install -d '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions' \
		'$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d'
	install -m 644 completions/bash/* '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/'
	install -m 644 completions/zsh/* '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/'
	install -m 644 completions/fish/* '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/'

clean: ## Remove everything that was built
	rm -rf .build

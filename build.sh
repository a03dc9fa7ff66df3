#!/usr/bin/env bash
# Builds, tests and runs LPOSS.Native. `./build.sh help` lists the verbs. Everything that is made lies under build/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
caller=$PWD # Paths on the command line of `run` are relative to it.
cd "$root"
build=$root/build
cli=$build/dotnet/bin/Lposs.Cli/release/lposs
jobs=$(nproc)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

usage() {
    cat <<'TEXT'
usage: ./build.sh VERB [OPTIONS]

  setup [OPTION...]     install what is missing: Debian packages
        --cuda          the CUDA compiler too
        --cuda-encoders ONNX Runtime with its CUDA provider (245 MB to fetch); builds take it from then on
  build [OPTION...]     build the core and the .NET host; options as for setup (--cuda: the CUDA
                        backend too)
  demo                  segment the sample image with the bundled encoders
  test [--all]          build and run every test, native and managed (--all: sanitizers, kernels on the host, the
                        CUDA compiler, Clang, Arm and Windows too, as continuous integration does)
  check                 check the files themselves: formatting, 120 columns, lock files, sizes
  test-mutations        plant faults in the CUDA kernels and see each one caught on the host
  run -- ARGUMENTS      the `lposs` command
  bench -- ARGUMENTS    the native benchmark
  encoders [OPTION...]  make the bundled encoders anew into build/encoders/mini: render, train, export, record their
                        self-test (an hour on two cores; goes on where it was interrupted)
        --scenes N --steps N --seed N   8000, 6000, 1
  gpu-check [--quick] [--prebuilt FOLDER]
                        on a machine with a CUDA card: build there, run the tests on the card, measure (no .NET)
  package-gpu-check     build/gpu-check-package.tar.gz: what gpu-check --prebuilt needs on a machine without a compiler
  clean                 remove build/
TEXT
}

say() { printf '%s\n' "$*" >&2; }
die() {
    say "build.sh: $*"
    exit 1
}

# need COMMAND HINT: the command, or what to install.
need() { command -v "$1" >/dev/null 2>&1 || die "$1 was not found; $2"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "this needs root: $* (no sudo was found; run it as root once)"
    fi
}

# apt_install PACKAGE...: only what is missing.
apt_install() {
    local missing=()
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null 2>&1 || die "please install: ${missing[*]} (apt-get was not found)"
    say "installing ${missing[*]}"
    # A package list that knows them all is new enough; else it is fetched.
    apt-get install --simulate --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
        as_root apt-get -o DPkg::Lock::Timeout=300 update >&2 || die "apt-get update failed; is the network there?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install --yes \
        --no-install-recommends "${missing[@]}" >&2 || die "apt-get could not install ${missing[*]}"
}

# The compiler comes from Debian's component non-free and its driver library from contrib; both are added to the
# machine's own source entry.
install_cuda_compiler() {
    if command -v nvcc >/dev/null 2>&1; then return; fi
    # A package that another one mentions is known to apt, but only one with a candidate can be installed.
    if ! apt-cache policy nvidia-cuda-toolkit 2>/dev/null | grep -q 'Candidate: [^(]'; then
        local list
        for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
            [ -f "$list" ] || continue
            say "adding the components contrib and non-free to $list"
            local component
            for component in contrib non-free; do
                as_root sed -i -E \
                    "/^(Components:|deb )/{/ $component( |\$)/!s/\$/ $component/}" "$list"
            done
        done
        as_root apt-get update >&2
    fi
    apt_install nvidia-cuda-toolkit g++-11
}

# has OPTION ARGUMENT...: is the option among the arguments?
has() {
    local option=$1 argument
    shift
    for argument in "$@"; do
        [ "$argument" != "$option" ] || return 0
    done
    return 1
}

verb_setup() {
    local option
    for option in "$@"; do
        case $option in
        --cuda | --cuda-encoders) ;;
        *) die "'$option' is no option of setup or build; they are --cuda and --cuda-encoders" ;;
        esac
    done
    need dotnet "install the .NET 10 SDK"
    local tool
    for tool in g++ cmake make; do
        command -v "$tool" >/dev/null 2>&1 || apt_install "$tool"
    done
    apt_install libgtest-dev
    if has --cuda-encoders "$@"; then
        mkdir -p "$build"
        touch "$build/.cuda-encoders" # Directory.Build.props looks for it.
    fi
    if has --cuda "$@"; then install_cuda_compiler; fi
}

build_native() { # PRESET [TARGET...]
    local preset=$1
    shift
    need cmake "install CMake 3.25 or newer (Debian: cmake)"
    [ -f "$build/native/$preset/Makefile" ] || cmake --preset "$preset" >&2
    cmake --build --preset "$preset" --parallel "$jobs" "$@" >&2
}

build_managed() { # PROJECT OR SOLUTION
    dotnet build "$1" --configuration Release --nologo --verbosity quiet \
        -p:RestoreLockedMode="${CI_LOCKED:-false}" >&2
}

verb_build() {
    verb_setup "$@"
    # A release tree configured before the CUDA compiler came is configured again.
    if has --cuda "$@"; then cmake --preset release -DLPOSS_CUDA=on >&2; fi
    build_native release
    build_managed LPOSS.Native.sln
    touch "$build/.built"
}

# What the command needs to run, without the tests.
build_command() {
    verb_setup
    # Packages come while the core is compiled.
    dotnet restore src/Lposs.Cli --verbosity quiet -p:RestoreLockedMode="${CI_LOCKED:-false}" >&2 &
    local restore=$!
    build_native release --target lposs
    wait "$restore" || die "dotnet restore failed"
    build_managed src/Lposs.Cli
    touch "$build/.built"
}

# Builds unless nothing that is built from has changed since the last time.
ensure_built() {
    if [ -f "$build/.built" ] && [ -x "$cli" ] &&
        [ -z "$(find native src cmake ./*.props ./*.sln CMakeLists.txt CMakePresets.json build.sh -type f \
            -newer "$build/.built" -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ]; then
        return
    fi
    build_command
}

verb_run() {
    [ "${1:-}" != -- ] || shift
    ensure_built
    cd "$caller"
    exec "$cli" "$@"
}

verb_demo() {
    ensure_built
    "$cli" segment src/Lposs.Cli/samples/street.png --classes "sky; clouds, building, road, pavement, tree, car" \
        --output "$build/demo" --format labels,overlay
}

verb_bench() {
    [ "${1:-}" != -- ] || shift
    verb_setup
    build_native release --target lposs_bench
    exec "$build/native/release/bin/lposs_bench" "$@"
}

verb_check() {
    need dotnet "install the .NET 10 SDK"
    command -v clang-format >/dev/null 2>&1 || apt_install clang-format
    .ci/check-repository.sh
}

# Plants faults in copies of the CUDA kernels and sees each one caught on the host.
verb_test-mutations() {
    configure_all
    build_native release --target test-mutations
}

verb_encoders() {
    local made=$build/encoders scenes=8000 python=/usr/bin/python3 # Debian's, which has the packages
    local arguments=("$@") i
    for ((i = 0; i < $#; i++)); do
        [ "${arguments[i]}" != --scenes ] || scenes=${arguments[i + 1]:-}
    done
    apt_install python3-numpy python3-opencv python3-torch python3-onnx libopenblas0-openmp
    ensure_built
    (
        cd src
        "$python" -m mini.cache "$made/scenes" --scenes "$scenes"
        "$python" -m mini.train "$made/scenes" "$made/run" "$@"
        "$python" -m mini.export "$made/run/checkpoint.pt" "$made/mini"
    )
    "$cli" models check "$made/mini" --record
}

verb_gpu-check() { exec native/bench/gpu_check.sh "$@"; }

# For every chip that the CUDA backend is compiled for. Unpacked elsewhere: FOLDER/gpu_check.sh --prebuilt FOLDER.
verb_package-gpu-check() {
    local package=$build/gpu-check-package suite
    install_cuda_compiler
    cmake --preset release -DLPOSS_CUDA=on >&2
    build_native release --target lposs_cuda lposs_bench lposs_unit_tests lposs_golden_tests lposs_border_tests
    rm -rf "$package"
    mkdir -p "$package/bin" "$package/lib"
    cp -a "$build"/native/release/lib/liblposs*.so* "$package/lib"
    for suite in bench unit_tests golden_tests border_tests; do
        cp "$build/native/release/bin/lposs_$suite" "$package/bin"
    done
    strip --strip-debug "$package"/bin/* "$package"/lib/liblposs*.so.*.*
    cp native/bench/gpu_check.sh native/bench/gpu_table.sh native/bench/gpu_kernels.sh "$package"
    cp -r native/bench/reference "$package"
    cp -r tests/golden "$package/golden"
    git rev-parse --short HEAD >"$package/commit" 2>/dev/null || echo unknown >"$package/commit"
    tar czf "$package.tar.gz" -C "$build" gpu-check-package
    say "made: $package.tar.gz ($(du -h "$package.tar.gz" | cut -f1))"
}

run_ctest() { # PRESET LABEL-ARGUMENTS...
    local preset=$1
    shift
    ctest --test-dir "$build/native/$preset" --output-on-failure --parallel "$jobs" --no-tests=error \
        --output-junit "$build/results/ctest-$preset.xml" "$@" || failed=1
}

# The release tree with everything that can be tested without a GPU: nvcc's CUDA backend, and its sources compiled for
# the host.
configure_all() {
    verb_setup --cuda
    # For tests that are skipped without: a cluster on this machine; independent readers and models.
    apt_install slurm-wlm munge python3-numpy python3-pil python3-opencv python3-torch python3-onnx libopenblas0-openmp
    apt_install pkg-config # for the test of the installed library
    cmake --preset release -DLPOSS_CUDA=on -DLPOSS_EMULATOR=ON >&2
}

# Other compilers and machines: Clang, a static library, 64-bit Arm in QEMU, Windows under wine.
test_machines() {
    apt_install clang g++-aarch64-linux-gnu libc6-arm64-cross qemu-user g++-mingw-w64-x86-64-posix googletest
    # The preloader keeps free the addresses that Windows programs expect; without, about one start in a thousand fails.
    apt_install wine64 wine64-preloader
    local preset
    for preset in clang static arm64 windows; do
        if ! build_native "$preset"; then
            say "build.sh: the preset $preset does not build"
            failed=1
        fi
    done
    run_ctest clang --label-exclude isa
    run_ctest static --tests-regex '^(install|environment)\.'
    run_ctest arm64
    run_ctest windows
}

run_managed() { # NAME ARGUMENT...: every managed test project
    local name=$1 project
    shift
    for project in tests/*.Tests/*.csproj; do
        dotnet test "$project" --configuration Release --no-build --nologo \
            --logger "trx;LogFileName=$name-$(basename "$project" .csproj).trx" \
            --results-directory "$build/results" "$@" || failed=1
    done
}

verb_test() {
    local failed=0
    if [ "${1:-}" = --all ]; then configure_all; fi
    verb_build
    rm -rf "$build/results"
    mkdir -p "$build/results"
    # The first thing that a new user types.
    if ! (verb_demo) >&2; then
        say "build.sh: the demo failed"
        failed=1
    fi
    run_ctest release
    # Those that need a device have one also without a card, where its backend was built for the host: in a process of
    # their own, since the others are about a machine without.
    local emulated=$build/native/release/tests/native/cuda/liblposs_cuda_plain.so
    if [ "${1:-}" = --all ]; then
        run_managed managed --filter "Category!=device"
        LPOSS_CUDA_LIBRARY=$emulated run_managed device --filter "Category=device"
    else
        run_managed managed
    fi
    if [ "${1:-}" = --all ]; then
        # Every kernel's registers, shared memory and spills; a spill fails.
        build_native release --target cuda_resources || failed=1
        build_native release --target test-mutations || failed=1
        build_native asan
        run_ctest asan --label-regex "unit|golden|abi"
        # Races, on small sizes: every operation with several threads.
        build_native tsan --target lposs_unit_tests
        LPOSS_TEST_SCALE=small run_ctest tsan --tests-regex '^unit\.'
        test_machines
    fi
    # The closing line, summed over all of them, with what was skipped named above it.
    dotnet run .ci/test-summary.cs -- "$build/results" || failed=1
    return $failed
}

case "${1:-help}" in
setup | build | demo | test | check | run | bench | encoders | gpu-check | package-gpu-check | test-mutations)
    verb=$1
    shift
    "verb_$verb" "$@"
    ;;
clean) rm -rf "$build" ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac

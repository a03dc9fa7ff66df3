#!/usr/bin/env bash
# gpu_check.sh [--quick] [--prebuilt FOLDER]: proves and measures the CUDA backend on a machine with a card.
#
# What is worth most comes first: the benchmark of the four stages beside the card's ceilings and double precision, the
# tests on the card, each kernel's time; then (not with --quick) images up to 3840 x 2160, the CPU beside it, the peer
# that a user would run today, compute-sanitizer. Each step has a time limit of its own. After each, the report is
# written anew: build/gpu-check/gpu-check.json, and everything is copied to the folder $OUT where that is set. Ends with
# one table, and exit code 1 if a step failed, a stage strayed from double precision, or an image took more than 24 GiB.
#
# Builds what it needs for the card that it finds: nvcc, CMake, Ninja or make, and GoogleTest (installed, or its sources
# in the folder LPOSS_GTEST_SOURCE; without it there are no tests, and the report says so). --prebuilt takes a folder
# that `build.sh package-gpu-check` made elsewhere; then only the driver is needed. No .NET, no network.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$root/build/gpu-check
here=$(cd "$(dirname "$0")" && pwd)
quick=0 prebuilt=
failed=0
names=() # of the report's parts, in order
declare -A parts

die() {
    echo "gpu-check: $*" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=1 ;;
    --prebuilt)
        prebuilt=${2:-}
        [ -n "$prebuilt" ] && [ -x "$prebuilt/bin/lposs_bench" ] ||
            die "--prebuilt: '${2:-}' is no folder with bin/lposs_bench in it"
        prebuilt=$(cd "$prebuilt" && pwd)
        out=$prebuilt/report
        shift
        ;;
    *) die "'$1' is no option; they are --quick and --prebuilt FOLDER" ;;
    esac
    shift
done

# ---------------------------------------------------------------------------- the report

# set_part NAME JSON: a part of the report, which is then written.
set_part() {
    [ -n "${parts[$1]:-}" ] || names+=("$1")
    parts[$1]=$2
    local name text=
    for name in "${names[@]}"; do text+="${text:+,}\"$name\":${parts[$name]}"; done
    printf '{%s,"failed":%d}\n' "$text" "$failed" >"$out/gpu-check.json.new"
    mv "$out/gpu-check.json.new" "$out/gpu-check.json"
    [ -z "${OUT:-}" ] || cp "$out"/gpu-check.json "$out"/*.txt "$OUT"/ 2>/dev/null
}

# json_of FILE: its last line if that is JSON, else null.
json_of() {
    local line
    line=$(tail -n 1 "$1" 2>/dev/null)
    case $line in
    '{'*'}' | '['*']') printf '%s' "$line" ;;
    *) printf null ;;
    esac
}

text() { printf '"%s"' "$(printf '%s' "$1" | tr -d '"\\\000-\037')"; }

# step NAME SECONDS COMMAND...: runs it with a time limit, remembers a failure, goes on. What it prints, also to
# NAME.txt; a last line of JSON is in the report.
step() {
    local name=$1 limit=$2 begin=$SECONDS status
    shift 2
    echo "== $name"
    timeout --kill-after=5 "$limit" "$@" 2>&1 | tee "$out/$name.txt" | grep -v '^[{[].*[]}]$'
    status=${PIPESTATUS[0]}
    local result
    result=$(json_of "$out/$name.txt")
    if [ "$status" = 0 ]; then
        echo "   $name: passed ($((SECONDS - begin)) s)"
    else
        [ "$status" != 124 ] || echo "   $name: ran into its limit of $limit s"
        echo "   $name: FAILED"
        failed=1
    fi
    set_part "$name" "{\"status\":$status,\"seconds\":$((SECONDS - begin)),\"result\":$result}"
    return "$status"
}

skip() { # NAME REASON
    echo "== $1 was not run: $2"
    set_part "$1" "{\"skipped\":$(text "$2")}"
}

card() { # the state of the card, as JSON
    local fields=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.draw,temperature.gpu,ecc.mode.current
    nvidia-smi "--query-gpu=$fields" --format=csv,noheader,nounits | head -n 1 |
        awk -F ', ' -v names="$fields" '{
            split(names, name, ",")
            for (i = 1; i <= NF; ++i) printf "%s\"%s\":\"%s\"", (i > 1 ? "," : "{"), name[i], $i
            print "}" }'
}

# within FILE NAME OPERATOR BOUND: is there a number behind "NAME": in FILE's last line, and is each within the bound?
# Infinity and what is not a number are not.
within() {
    tail -n 1 "$1" | grep -o "\"$2\":[^,}]*" | cut -d: -f2- |
        awk -v bound="$4" -v operator="$3" '
            !/^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/ { bad = 1 }
            { bad += operator == "<=" ? !($1 + 0 <= bound) : !($1 + 0 >= bound) }
            END { exit bad > 0 || NR == 0 }'
}

gate() { # NAME FILE NUMBER OPERATOR BOUND
    if within "$out/$2.txt" "$3" "$4" "$5"; then
        echo "   $1: holds"
        set_part "gate $1" true
    else
        echo "   $1: FAILED"
        failed=1
        set_part "gate $1" false
    fi
}

# ---------------------------------------------------------------------------- what is there

nvidia_smi=$(command -v nvidia-smi) || die "nvidia-smi was not found; is there a driver?"
mkdir -p "$out" || die "$out could not be made"
rm -f "$out"/*.txt "$out"/gpu-check.json
state=$(card)
[ -n "$state" ] || die "$nvidia_smi names no card"
set_part card "$state"
commit=$(git -C "$root" describe --always --dirty --exclude '*' 2>/dev/null ||
    cat "$here/commit" 2>/dev/null || echo unknown)
set_part commit "$(text "$commit")"

build_here() {
    local nvcc=${CUDACXX:-} generator=() tests=ON
    [ -n "$nvcc" ] || nvcc=$(command -v nvcc || ls -d /usr/local/cuda*/bin/nvcc 2>/dev/null | sort -V | tail -n 1)
    [ -n "$nvcc" ] || die "nvcc was not found; install the CUDA toolkit, or build elsewhere and take --prebuilt"
    command -v cmake >/dev/null 2>&1 || die "cmake was not found; install CMake 3.25 or newer"
    command -v ninja >/dev/null 2>&1 && generator=(-G Ninja)
    if [ -z "${LPOSS_GTEST_SOURCE:-}" ] && ! [ -e /usr/include/gtest/gtest.h ]; then tests=OFF; fi
    local chip
    chip=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -n 1 | tr -d .)
    # Other compilers warn of other things: that is no reason to learn nothing about the card.
    CUDACXX=$nvcc cmake "${generator[@]}" -S "$root" -B "$out/build" -DCMAKE_BUILD_TYPE=Release -DLPOSS_CUDA=on \
        -DLPOSS_WERROR=OFF -DLPOSS_CUDA_ARCHITECTURES="$chip-real" -DLPOSS_TESTS=$tests \
        ${LPOSS_GTEST_SOURCE:+-DLPOSS_GTEST_SOURCE="$LPOSS_GTEST_SOURCE"} >"$out/configure.txt" 2>&1 ||
        { tail -n 20 "$out/configure.txt"; return 1; }
    local targets=(lposs_cuda lposs_bench)
    [ $tests = OFF ] || targets+=(lposs_unit_tests lposs_golden_tests lposs_border_tests)
    cmake --build "$out/build" --parallel "$(nproc)" --target "${targets[@]}" >"$out/compile.txt" 2>&1 ||
        { tail -n 40 "$out/compile.txt"; return 1; }
    "$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/{"nvcc":"\1"}/p'
}
export -f build_here die
export out root

if [ -n "$prebuilt" ]; then
    built=$prebuilt
    export LPOSS_GOLDEN_FOLDER=$prebuilt/golden LD_LIBRARY_PATH=$prebuilt/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
else
    built=$out/build
    step build 240 bash -c build_here || die "there is nothing to run; see $out/configure.txt and $out/compile.txt"
fi
export LPOSS_CUDA_LIBRARY=$built/lib/liblposs_cuda.so
bench=$built/bin/lposs_bench

# ---------------------------------------------------------------------------- the steps

step main 90 "$bench" --device cuda --json --size 448x597 --classes 21 --compare float64 --stability 20
gate "error at most 1e-4" main error "<=" 1e-4
gate "equal labels at least 99.99 %" main equal_labels ">=" 0.9999

# A test that finds no device fails here.
for suite in golden unit border; do
    tests=$built/bin/lposs_${suite}_tests
    if [ -x "$tests" ]; then
        step "tests_$suite" 120 env LPOSS_TEST_DEVICES=cuda LPOSS_TEST_REQUIRE_DEVICE=1 "$tests" --gtest_brief=1
    else
        skip "tests_$suite" "GoogleTest is not on this machine"
    fi
done

one_run=("$bench" --device cuda --no-check --no-ceilings --repeats 1 --warm-up 0)
if command -v ncu >/dev/null 2>&1; then
    profile() {
        ncu --clock-control none --cache-control none --csv --page raw --metrics gpu__time_duration.sum \
            --launch-count 400 --log-file "$out/ncu.csv" "${@:2}" >/dev/null && "$1/gpu_kernels.sh" "$out/ncu.csv"
    }
    export -f profile
    step kernels 60 bash -c 'profile "$@"' profile "$here" "${one_run[@]}"
else
    skip kernels "there is no ncu"
fi

peer=()
if [ $quick = 0 ]; then
    step big 60 "$bench" --device cuda --json --no-check --patches 2940 --size 768x1024,1080x1920,2160x3840 \
        --classes 21 --repeats 10
    step refine 60 "$bench" --device cuda --json --refine 2160x3840 --classes 21,171 --repeats 3
    for file in big refine; do gate "at most 24 GiB ($file)" $file memory_peak "<=" $((24 << 30)); done
    step cpu 60 "$bench" --device cpu --json --no-check
    if python3 -c 'import torch, cupy' >/dev/null 2>&1; then
        step peer 90 python3 "$here/reference/gpu_peer.py" --height 448 --width 597 --classes 21 &&
            peer=("$out/peer.txt")
    else
        skip peer "python3 has no torch or no cupy"
    fi
    # Every kind of graph, and what changes images; small, since the tools make kernels slow, racecheck most.
    for tool in memcheck initcheck synccheck racecheck; do
        limit=45
        [ $tool != racecheck ] || limit=150
        if command -v compute-sanitizer >/dev/null 2>&1 && [ -x "$built/bin/lposs_unit_tests" ]; then
            step "sanitizer_$tool" $limit \
                env LPOSS_TEST_DEVICES=cuda LPOSS_TEST_REQUIRE_DEVICE=1 LPOSS_TEST_SCALE=small \
                compute-sanitizer --tool "$tool" --error-exitcode 9 --print-limit 10 "$built/bin/lposs_unit_tests" \
                --gtest_brief=1 \
                --gtest_filter='On/PatchGraph.*:On/PixelGraph.*:On/Knn.*:On/CutWindows.*:On/Resize.*:On/Propagate.*'
        else
            skip "sanitizer_$tool" "there is no compute-sanitizer, or there are no tests"
        fi
    done
fi
set_part card_after "$(card)"

# ---------------------------------------------------------------------------- the table

echo
[ ! -s "$out/kernels.txt" ] || grep -v '^\[' "$out/kernels.txt"
printf '\n%s, commit %s\n' "$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -n 1)" "$commit"
grep -h -A 6 '^ceilings' "$out/main.txt" | grep -v '^{'
if [ $quick = 0 ]; then
    "$here/gpu_table.sh" "$out/main.txt" "$out/big.txt" "$out/refine.txt" "${peer[@]}" || failed=1
fi
set_part finished "$SECONDS"
echo "written: $out/gpu-check.json ($SECONDS s)"
[ $failed = 0 ] && echo "gpu-check passed" || echo "gpu-check FAILED"
exit $failed

#!/usr/bin/env bash
# On a machine with a CUDA card: builds there, runs the native tests on the card, lets compute-sanitizer look for bad
# accesses and races, measures every stage beside the card's ceilings and, where Python has torch and cupy, beside the
# peer that a user would run today. Ends with one table and a JSON file, build/gpu-check/gpu-check.json.
# Needs nvcc, CMake, make and GoogleTest (installed, or its sources in the folder LPOSS_GTEST_SOURCE); no .NET, no network.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/gpu-check
failed=0

die() {
    echo "gpu-check: $*" >&2
    exit 1
}

step() { # NAME COMMAND...: runs it, remembers a failure, goes on.
    local name=$1
    shift
    echo "== $name"
    if "$@"; then echo "   $name: passed"; else
        echo "   $name: FAILED"
        failed=1
    fi
}

command -v nvcc >/dev/null 2>&1 || die "nvcc was not found; install the CUDA toolkit or put it on the PATH"
command -v cmake >/dev/null 2>&1 || die "cmake was not found; install CMake 3.25 or newer"
command -v nvidia-smi >/dev/null 2>&1 || die "nvidia-smi was not found; is there a driver?"
mkdir -p "$build"

cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DLPOSS_CUDA=on -DLPOSS_IMAGING=OFF \
    ${LPOSS_GTEST_SOURCE:+-DLPOSS_GTEST_SOURCE="$LPOSS_GTEST_SOURCE"} >"$build/configure.log" 2>&1 ||
    { tail -n 20 "$build/configure.log"; die "CMake could not configure; see $build/configure.log"; }
cmake --build "$build" --parallel "$(nproc)" >"$build/build.log" 2>&1 ||
    { tail -n 40 "$build/build.log"; die "the build failed; see $build/build.log"; }

export LPOSS_TEST_DEVICES=cuda LPOSS_CUDA_LIBRARY=$build/lib/liblposs_cuda.so
step "tests on the card" ctest --test-dir "$build" -L gpu --output-on-failure --no-tests=error
if command -v compute-sanitizer >/dev/null 2>&1; then
    for tool in memcheck racecheck; do
        step "compute-sanitizer $tool" env LPOSS_TEST_SCALE=small compute-sanitizer --tool "$tool" --error-exitcode 9 \
            --print-limit 10 "$build/bin/lposs_golden_tests" --gtest_brief=1
    done
else
    echo "== compute-sanitizer was not found; memcheck and racecheck were not run"
fi

step "benchmark" bash -c "'$build/bin/lposs_bench' --device cuda --json | tee '$build/bench.txt'"
peer=null
if python3 -c 'import torch, cupy' >/dev/null 2>&1; then
    echo "== peer (PyTorch and CuPy)"
    if python3 "$root/native/bench/reference/gpu_peer.py" >"$build/peer.txt" 2>"$build/peer.log"; then
        peer=$(tail -n 1 "$build/peer.txt")
        echo "$peer"
    else
        tail -n 5 "$build/peer.log"
        echo "   the peer FAILED; it was not compared"
        failed=1
    fi
else
    echo "== the peer was not run: python3 has no torch or no cupy"
fi

card=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -n 1)
cuda=$(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
bench=$(tail -n 1 "$build/bench.txt")
printf '{"card":"%s","cuda":"%s","commit":"%s","failed":%d,"bench":%s,"peer":%s}\n' "$card" "$cuda" "$commit" \
    "$failed" "${bench:-null}" "$peer" >"$build/gpu-check.json"

# The table: stage, ours, peer, ratio.
number() { sed -n "s/.*\"$2\":{\"ms\":\([0-9.]*\).*/\1/p" <<<"$1"; }
peer_number() { sed -n "s/.*\"$2_ms\": *\([0-9.]*\).*/\1/p" <<<"$1"; }
printf '\n%s, CUDA %s, commit %s\n%-14s %10s %10s %8s\n' "$card" "$cuda" "$commit" stage ms "peer ms" ratio
for stage in patch_graph patch_solve pixel_graph pixel_solve; do
    awk -v stage="$stage" -v ours="$(number "$bench" "$stage")" -v theirs="$(peer_number "$peer" "$stage")" 'BEGIN {
        if (theirs == "") printf "%-14s %10.3f %10s %8s\n", stage, ours, "-", "-"
        else printf "%-14s %10.3f %10.2f %8.1f\n", stage, ours, theirs, theirs / ours }'
done
echo "written: $build/gpu-check.json"
[ $failed = 0 ] && echo "gpu-check passed" || echo "gpu-check FAILED"
exit $failed

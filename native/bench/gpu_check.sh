#!/usr/bin/env bash
# On a machine with a CUDA device: builds there, runs the native tests on the device, lets compute-sanitizer look for
# bad accesses and races, measures every stage beside the device's ceilings and double precision, images up to
# 3840 x 2160, and, where Python has torch and cupy, the peer that a user would run today. Ends with one table and a
# JSON file, build/gpu-check/gpu-check.json; exit code 1 if anything failed, a stage strayed from double precision, or
# an image took more than 24 GiB. Needs nvcc, CMake, make and GoogleTest (installed, or its sources in the folder
# LPOSS_GTEST_SOURCE); no .NET, no network.
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

bench() { # FILE OPTIONS...: what it prints, its JSON line last, also goes to FILE.
    local file=$1
    shift
    "$build/bin/lposs_bench" --device cuda --json "$@" | tee "$file"
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
step "tests on the device" ctest --test-dir "$build" -L gpu --output-on-failure --no-tests=error
step "registers, spills and instructions" cmake --build "$build" --target cuda_resources
if command -v compute-sanitizer >/dev/null 2>&1; then
    for tool in memcheck racecheck; do
        step "compute-sanitizer $tool" env LPOSS_TEST_SCALE=small compute-sanitizer --tool "$tool" --error-exitcode 9 \
            --print-limit 10 "$build/bin/lposs_golden_tests" --gtest_brief=1
    done
else
    echo "== compute-sanitizer was not found; memcheck and racecheck were not run"
fi

step "four stages beside double precision" bench "$build/main.txt" --size 448x597 --classes 21 --compare float64
step "growth with the image, 21 classes in one piece" bench "$build/big.txt" --no-check --patches 2940 \
    --size 448x597,768x1024,1080x1920,2160x3840 --classes 21
step "coarse scores to labels, 21 and 171 classes" bench "$build/refine.txt" --refine 2160x3840 --classes 21,171 \
    --repeats 3
peer=()
if python3 -c 'import torch, cupy' >/dev/null 2>&1; then
    echo "== peer (PyTorch and CuPy)"
    if python3 "$root/native/bench/reference/gpu_peer.py" --height 448 --width 597 --classes 21 >"$build/peer.txt" \
        2>"$build/peer.log"; then
        peer=("$build/peer.txt")
        cat "$build/peer.txt"
    else
        tail -n 5 "$build/peer.log"
        echo "   the peer FAILED; it was not compared"
        failed=1
    fi
else
    echo "== the peer was not run: python3 has no torch or no cupy"
fi

# No stage may stray further than the project's bounds, no image take more than a 24 GiB GPU has.
within() { # FILE NAME OPERATOR BOUND: every number behind "NAME": in FILE's last line.
    tail -n 1 "$1" | grep -o "\"$2\":[0-9.e+-]*" | cut -d: -f2 |
        awk -v bound="$4" -v operator="$3" '{ bad += operator == "<=" ? !($1 + 0 <= bound) : !($1 + 0 >= bound) }
            END { exit bad > 0 || NR == 0 }'
}
step "error at most 1e-4" within "$build/main.txt" error "<=" 1e-4
step "equal labels at least 99.99 %" within "$build/main.txt" equal_labels ">=" 0.9999
for file in big refine; do
    step "at most 24 GiB ($file)" within "$build/$file.txt" memory_peak "<=" $((24 << 30))
done

device=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -n 1)
cuda=$(nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
json() { if [ -s "$1" ]; then tail -n 1 "$1"; else echo null; fi; }
printf '{"device":"%s","cuda":"%s","commit":"%s","failed":%d,"bench":%s,"big":%s,"refine":%s,"peer":%s}\n' \
    "$device" "$cuda" "$commit" "$failed" "$(json "$build/main.txt")" "$(json "$build/big.txt")" \
    "$(json "$build/refine.txt")" "$(json "${peer[0]:-/nonexistent}")" >"$build/gpu-check.json"

printf '\n%s, CUDA %s, commit %s\n' "$device" "$cuda" "$commit"
grep -h -A 2 '^ceilings' "$build/main.txt"
"$root/native/bench/gpu_table.sh" "$build/main.txt" "$build/big.txt" "$build/refine.txt" "${peer[@]}" || failed=1
echo "written: $build/gpu-check.json"
[ $failed = 0 ] && echo "gpu-check passed" || echo "gpu-check FAILED"
exit $failed

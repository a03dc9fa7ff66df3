#!/usr/bin/env bash
# gpu_check_test.sh SOURCE WORK: gpu_check.sh from its first line to its last without a card: nvidia-smi, the benchmark
# and the tests are stand-ins that print what the real ones would.
set -euo pipefail
source=$1 work=$2
rm -rf "$work"
mkdir -p "$work/tools" "$work/package/bin" "$work/package/lib"

fail() {
    echo "gpu_check_test: $*" >&2
    exit 1
}

cat >"$work/tools/nvidia-smi" <<'TEXT'
#!/bin/sh
case $* in
*compute_cap*) echo 0.0 ;;
*name,driver_version,clocks*) echo 'Made-up card, 1.0, 345, 2619, 1980, 75.1, 39, Enabled' ;;
*) echo 'Made-up card, 1.0' ;;
esac
TEXT
# The first launch of a kernel is slower. Names come bare, whole and cut short.
cat >"$work/tools/ncu" <<'TEXT'
#!/bin/sh
while [ "$1" != --log-file ]; do shift; done
cat >"$2" <<'CSV'
==PROF== Connected to process 1
"ID","Process ID","Kernel Name","Grid Size","gpu__time_duration.sum"
"","","","","ns"
"0","1","begin_kernel","(2112, 1, 1)","338,400"
"1","1","void lposs::cuda::<unnamed>::step_kernel<3>(const float4 *, int)","(4, 2, 1)","9,000"
"2","1","void unnamed>::step_kernel<3>(const float4 *, int)","(4, 2, 1)","2,500"
"3","1","void lposs::cuda::<unnamed>::step_kernel<3>(const float4 *, int)","(4, 2, 1)","2,500"
"4","1","lposs::cuda::<unnamed>::settle_kernel(Columns)","(21, 1, 1)","500"
CSV
TEXT
printf '#!/bin/sh\nexit 0\n' >"$work/tools/compute-sanitizer"
# No peer of this machine's.
printf '#!/bin/sh\nexit 1\n' >"$work/tools/python3"
cat >"$work/package/bin/lposs_bench" <<'TEXT'
#!/bin/sh
echo 'ceilings (1 thread, 1 threads)'
case $FAKE_BENCH in dies) exit 3 ;; esac
case $* in
*--refine*) cat "$SAMPLES/refine.sample.txt" ;;
*--patches*) cat "$SAMPLES/big.sample.txt" ;;
*) sed "s/\"error\":3.000e-07/\"error\":${FAKE_ERROR:-3.000e-07}/" "$SAMPLES/main.sample.txt" ;;
esac
TEXT
for suite in unit golden border; do
    printf '#!/bin/sh\n[ "$LPOSS_TEST_REQUIRE_DEVICE" = 1 ]\n' >"$work/package/bin/lposs_${suite}_tests"
done
chmod +x "$work"/tools/* "$work"/package/bin/*
export SAMPLES=$source/tests/native/bench PATH=$work/tools:/usr/bin:/bin
report=$work/package/report/gpu-check.json

valid() { # is the report JSON? As .NET or Python sees it, whichever is there; else at least whole.
    if [ -x /usr/bin/python3 ]; then /usr/bin/python3 -m json.tool "$report" >/dev/null; else
        [ "$(head -c 1 "$report")" = '{' ] && [ "$(tail -c 2 "$report")" = '}' ]
    fi
}
run() { "$source/native/bench/gpu_check.sh" --prebuilt "$work/package" "$@" >"$work/log" 2>&1; }

FAKE_BENCH=works run || fail "a sound card does not pass: $(cat "$work/log")"
valid || fail "a report that is no JSON: $(cat "$report")"
grep -q '"gate error at most 1e-4":true' "$report" || fail "no gate in $(cat "$report")"
for kernel in '"begin_kernel","launches":1,"us":338.40' '"step_kernel<3>","launches":3,"us":2.50' \
    '"settle_kernel","launches":1,"us":0.50'; do
    grep -qF "{\"kernel\":$kernel}" "$report" || fail "no $kernel in $(cat "$report")"
done
grep -q '448x597' "$work/log" || fail "no table in $(cat "$work/log")"
grep -q '"commit":"' "$report" || fail "no commit in $(cat "$report")"

OUT=$work/copy
mkdir "$OUT"
export OUT
FAKE_BENCH=works run --quick || fail "--quick does not pass: $(cat "$work/log")"
cmp "$report" "$OUT/gpu-check.json" || fail "the report is not in \$OUT"
unset OUT
if grep -q '"big"' "$report"; then fail "--quick measures big images"; fi

for error in inf nan -nan 2e-4; do
    if FAKE_BENCH=works FAKE_ERROR=$error run --quick; then fail "an error of $error passes"; fi
    grep -q '"gate error at most 1e-4":false' "$report" || fail "an error of $error passes the gate: $(cat "$report")"
done
if FAKE_BENCH=dies run --quick; then fail "a benchmark that dies passes"; fi
valid || fail "a benchmark that dies leaves no JSON: $(cat "$report")"
grep -q '"main":{"status":3' "$report" || fail "a benchmark that dies is not in the report: $(cat "$report")"

printf '#!/bin/sh\nexit 77\n' >"$work/package/bin/lposs_unit_tests" # no device
if FAKE_BENCH=works run --quick; then fail "tests that are skipped pass"; fi
grep -q '"tests_unit":{"status":77' "$report" || fail "skipped tests are not in the report: $(cat "$report")"

rm "$work/tools/nvidia-smi"
if PATH=$work/tools:/bin run; then fail "no driver passes"; fi
grep -q 'nvidia-smi was not found' "$work/log" || fail "no driver: $(cat "$work/log")"
echo "gpu_check.sh holds"

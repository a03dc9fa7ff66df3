#!/usr/bin/env bash
# Tests check-repository.sh and test-summary.cs: in a repository of its own each planted fault is named, and nothing is
# where there is none. Ends with "N checks passed"; exit code 1 at the first that does not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# expect STATUS TEXT COMMAND...: the command ends so and prints a line that holds the text.
expect() {
    local status=$1 text=$2 got=0 output
    shift 2
    output=$("$@" 2>&1) || got=$?
    if [ $got != "$status" ] || ! grep -qF -- "$text" <<<"$output"; then
        printf 'FAILED: expected exit code %s and "%s", got %s and:\n%s\n' "$status" "$text" "$got" "$output"
        exit 1
    fi
    passed=$((passed + 1))
}

repeat() { printf "%0.s$2" $(seq "$1"); }

# The files themselves.
repository=$scratch/repository
git init --quiet "$repository"
printf 'BasedOnStyle: LLVM\n' >"$repository/.clang-format"
check() {
    git -C "$repository" add --force --all
    "$here/check-repository.sh" "$repository"
}
# plant FILE FAULT: with what comes by standard input in the file the fault is named, and without it nothing is.
plant() {
    mkdir -p "$(dirname "$repository/$1")"
    cat >"$repository/$1"
    expect 1 "$2" check
    rm "$repository/$1"
    expect 0 "" check
}

expect 0 "" check
plant src/packages.cuda.lock.json "src/packages.cuda.lock.json holds an address" \
    <<<'{ "resolved": "https://example.org/x" }'
plant src/obj/made.txt "src/obj/made.txt is generated" <<<made
plant library.so "library.so is generated" <<<made
head -c 4194305 /dev/zero | plant data.bin "data.bin has 4194305 bytes"
for name in a.cs a.c a.h a.cpp a.hpp a.cu a.cuh a.py a.sh a.cmake sub/CMakeLists.txt README.md .ci/run; do
    printf '\n// %s\n' "$(repeat 118 x)" | plant "$name" "$name:2 has more than 120 columns"
done
for name in a.c a.h a.cpp a.hpp a.cu a.cuh; do
    plant "$name" "$name is not formatted" <<<'int  x;'
done

# Not faults: 120 characters of more bytes, and a long row of a table.
printf '// %s\n' "$(repeat 117 é)" >"$repository/width.cs"
printf '| %s |\n' "$(repeat 130 x)" >"$repository/table.md"
expect 0 "" check

# The rooms of the core: core may not include what stands above it, and a room that nobody wrote down is one too many.
mkdir -p "$repository/native/src/core" "$repository/native/emulator" "$repository/native/bench"
printf 'core lposs\ncpu core\nemulator\nbench emulator\n' >"$repository/native/rooms.txt"
printf '#include "lposs/lposs.h"\n' >"$repository/native/src/core/right.h"
printf '#include "emulator/cuda.h"\n#include "own.h"\n' >"$repository/native/bench/main.cpp"
expect 0 "" check
plant native/src/core/wrong.h "native/src/core/wrong.h:1: core must not include cpu" <<<'#include "cpu/backend.h"'
plant native/src/attic/new.h "native/src/attic/new.h:1: the room attic is not in native/rooms.txt" \
    <<<'#include "core/right.h"'

cat >"$repository/one.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
</Project>
PROJECT
printf '<Solution>\n  <Project Path="one.csproj" />\n</Solution>\n' >"$repository/one.slnx"
printf 'bin/\nobj/\n' >"$repository/.gitignore"
check() {
    git -C "$repository" add --all
    "$here/check-repository.sh" "$repository"
}
plant One.cs "One.cs:1 WHITESPACE" <<<'internal sealed  class One;'

# The summary.
results=$scratch/results
mkdir "$results"
summary() { dotnet run "$here/test-summary.cs" -- "$@"; }
expect 2 "usage:" summary
expect 1 "there is no folder" summary "$scratch/nowhere"
expect 1 "0 passed, 0 failed" summary "$results"

cat >"$results/ctest-release.xml" <<'JUNIT'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux" tests="3" failures="0" disabled="0" skipped="1">
	<testcase name="unit.One" classname="unit.One" time="0.1" status="run"><system-out>a &#27;[0m b</system-out></testcase>
	<testcase name="unit.Two" classname="unit.Two" time="0.1" status="notrun">
		<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
		<system-out>two.cpp:3: Skipped
there is &lt;no&gt; device
[  SKIPPED ] Two</system-out>
	</testcase>
	<testcase name="unit.Three" classname="unit.Three" time="0.1" status="disabled">
		<skipped message="Disabled"/></testcase>
</testsuite>
JUNIT
# trx NAME RESULT...: what dotnet test writes.
trx() {
    local name=$1
    shift
    local schema=http://microsoft.com/schemas/VisualStudio/TeamTest/2010
    printf '<TestRun xmlns="%s"><Results>%s</Results></TestRun>\n' "$schema" "$*" >"$results/$name.trx"
}
trx Lposs.Tests '<UnitTestResult testName="One(x: &quot;a&quot;)" outcome="Passed" />' \
    '<UnitTestResult testName="Two" outcome="NotExecuted"><Output><ErrorInfo><Message>no card
and more</Message></ErrorInfo></Output></UnitTestResult>'
expect 0 "skipped  release: unit.Two (there is <no> device)" summary "$results"
expect 0 "skipped  release: unit.Three (Disabled)" summary "$results"
expect 0 "skipped  Lposs.Tests: Two (no card)" summary "$results"
expect 0 "2 passed, 0 failed, 3 skipped" summary "$results"

trx Lposs.Cli.Tests '<UnitTestResult testName="Three" outcome="Failed"><Output><StdOut>printed</StdOut><ErrorInfo>
    <Message>Assert.Equal() Failure: a &amp; b</Message></ErrorInfo></Output></UnitTestResult>' \
    '<UnitTestResult testName="Four" outcome="Passed" />'
expect 1 "FAILED   Lposs.Cli.Tests: Three (Assert.Equal() Failure: a & b)" summary "$results"
expect 1 "3 passed, 1 failed, 3 skipped" summary "$results"
trx Lposs.Cli.Tests '<UnitTestResult testName="Four" outcome="Passed" />'
expect 0 "3 passed, 0 failed, 3 skipped" summary "$results"

head -c 100 "$results/ctest-release.xml" >"$results/broken.xml"
expect 1 "FAILED   broken.xml cannot be read" summary "$results"
echo "$passed checks passed"

# From the disassembly that cuobjdump and c++filt print: one line for each kernel and chip,
#   CHIP KERNEL LOCAL LOAD128 SHARED128 STORE128 SQRT EXP2 FMA TENSOR
# with the number of instructions that touch local memory, load and store 16 bytes of global memory, load 16 bytes of
# shared memory, take a root or a power of two in one instruction, multiply and add, or multiply matrices.
function flush() {
    if (kernel != "") print chip, kernel, n["local"] + 0, n["load"] + 0, n["shared"] + 0, n["store"] + 0, n["sqrt"] + 0,
        n["exp2"] + 0, n["fma"] + 0, n["tensor"] + 0
    kernel = ""
    split("", n)
}
/code for sm_/ {
    flush()
    chip = $NF
}
/Function :/ {
    flush()
    if (match($0, /::[a-z0-9_]+_kernel(<[^>]*>)?/)) {
        kernel = substr($0, RSTART + 2, RLENGTH - 2)
        gsub(/ /, "", kernel)
    }
}
/[ \t](LDL|STL)[. ]/ { ++n["local"] }
/[ \t]LDG\.E[^ ]*128/ { ++n["load"] }
/[ \t]LDS[^ ]*128/ { ++n["shared"] }
/[ \t]STG\.E[^ ]*128/ { ++n["store"] }
/MUFU\.SQRT/ { ++n["sqrt"] }
/MUFU\.EX2/ { ++n["exp2"] }
/[ \t]FFMA[. ]/ { ++n["fma"] }
/[ \t](HMMA|IMMA|HGMMA|DMMA)[. ]/ { ++n["tensor"] }
END { flush() }

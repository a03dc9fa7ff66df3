// All kernels of one instruction set. Each operation declares its own struct of function pointers in its header and
// its source file fills one per instruction set.
#pragma once

#include "cpu/kernels/labels.h"
#include "cpu/kernels/resample.h"

namespace lposs::cpu {

struct KernelTable {
    const char* name; ///< "avx512", "avx2", "portable"
    int lanes;        ///< floats per vector
    const ResampleKernels& resample;
    const LabelKernels& labels;
};

/// The kernels for this machine: the widest set it has, or what the environment variable LPOSS_ISA names
/// (avx512, avx2, portable); LPOSS_ERROR_INVALID_ARGUMENT for another word, LPOSS_ERROR_UNSUPPORTED for a set
/// that the processor has not.
const KernelTable& kernels();

} // namespace lposs::cpu

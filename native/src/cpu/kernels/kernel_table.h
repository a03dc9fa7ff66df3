// All kernels of one instruction set. Each operation declares its own struct of function pointers in its header and its
// source file fills one per instruction set.
#pragma once

#include "cpu/kernels/argmax.h"
#include "cpu/kernels/banded.h"
#include "cpu/kernels/descent.h"
#include "cpu/kernels/lab.h"
#include "cpu/kernels/matrix_product.h"
#include "cpu/kernels/patch_graph.h"
#include "cpu/kernels/pixel_weights.h"
#include "cpu/kernels/resize.h"
#include "cpu/kernels/sparse_product.h"
#include "cpu/kernels/stencil.h"
#include "cpu/kernels/top_k.h"
#include "cpu/kernels/unit_rows.h"

namespace lposs::cpu {

struct KernelTable {
    const char* name; ///< "avx512", "avx2", "neon", "portable"
    int lanes;        ///< floats per vector
    const ResizeKernels& resize;
    const ArgmaxKernels& argmax;
    const LabKernels& lab;
    const BandedKernels& banded;
    const PixelWeightKernels& pixel_weights;
    const StencilKernels& stencil;
    const DescentKernels& descent;
    const UnitRowKernels& unit_rows;
    const MatrixProductKernels& matrix_product;
    const TopKKernels& top_k;
    const PatchGraphKernels& patch_graph;
    const SparseProductKernels& sparse_product;
};

/// The kernels for this machine: the widest set it has, or what the environment variable LPOSS_ISA names (one of
/// instruction_sets.h); LPOSS_ERROR_INVALID_ARGUMENT for another word, LPOSS_ERROR_UNSUPPORTED for a set that the
/// processor has not.
const KernelTable& kernels();

} // namespace lposs::cpu

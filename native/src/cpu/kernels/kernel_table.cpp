#include "cpu/kernels/kernel_table.h"

#include "cpu/kernels/simd.h"

#define LPOSS_STRINGIFY_(x) #x
#define LPOSS_STRINGIFY(x) LPOSS_STRINGIFY_(x)

namespace lposs::cpu::LPOSS_ISA {

extern const ResizeKernels resize_kernels;
extern const ArgmaxKernels argmax_kernels;
extern const LabKernels lab_kernels;
extern const BandedKernels banded_kernels;
extern const PixelWeightKernels pixel_weight_kernels;
extern const StencilKernels stencil_kernels;
extern const DescentKernels descent_kernels;
extern const UnitRowKernels unit_row_kernels;
extern const MatrixProductKernels matrix_product_kernels;
extern const TopKKernels top_k_kernels;
extern const PatchGraphKernels patch_graph_kernels;
extern const SparseProductKernels sparse_product_kernels;

extern const KernelTable kernel_table;
const KernelTable kernel_table = {
    LPOSS_STRINGIFY(LPOSS_ISA),
    lanes,
    resize_kernels,
    argmax_kernels,
    lab_kernels,
    banded_kernels,
    pixel_weight_kernels,
    stencil_kernels,
    descent_kernels,
    unit_row_kernels,
    matrix_product_kernels,
    top_k_kernels,
    patch_graph_kernels,
    sparse_product_kernels,
};

} // namespace lposs::cpu::LPOSS_ISA

#include "cpu/kernels/kernel_table.h"

#include "cpu/kernels/simd.h"

#define LPOSS_STRINGIFY_(x) #x
#define LPOSS_STRINGIFY(x) LPOSS_STRINGIFY_(x)

namespace lposs::cpu::LPOSS_ISA {

extern const ResampleKernels resample_kernels;
extern const LabelKernels label_kernels;

extern const KernelTable kernel_table;
const KernelTable kernel_table = {
    LPOSS_STRINGIFY(LPOSS_ISA),
    lanes,
    resample_kernels,
    label_kernels,
};

} // namespace lposs::cpu::LPOSS_ISA

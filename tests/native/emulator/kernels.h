// Four kernels of the kinds that the backend has, and the errors that can be planted in them.
#pragma once

#include "cuda/runtime/gpu.h"

namespace selftest {

enum class Bug {
    none,
    no_barrier_after_load,  // shared memory is read before it is written
    no_barrier_before_next, // shared memory is overwritten while others still read
    store_past_end,         // one row, or one element, too many
    early_return,           // threads without work leave before a barrier or collective
    idle_lanes_in_mask,     // a full mask, but only some lanes arrive
    no_fence,               // a block's result is not published before its ticket
    bin_not_cleared,        // the last bin of a histogram keeps what was there
    halo_not_loaded,        // at the border of the image
};

/// c = a b for n x n matrices, through tiles in shared memory.
void matrix_product(const float* a, const float* b, float* c, int n, Bug bug = Bug::none);

/// result = sum of x[i] y[i], each block's share added up in fixed order by the block that ends last. partial: `blocks`
/// floats; ticket: one zero, zero again afterwards.
void dot_product(const float* x, const float* y, int n, float* partial, unsigned* ticket, float* result, int blocks,
                 Bug bug = Bug::none);

/// out[h][w] = the five-point Laplacian of in, which is zero outside, by a tile with halo in shared memory.
void laplacian(const float* in, float* out, int height, int width, Bug bug = Bug::none);

/// The k largest of n values, in order, by a histogram in shared memory, ballots and a rank sort. One block.
void top_values(const unsigned char* values, int n, int k, unsigned char* top, Bug bug = Bug::none);

} // namespace selftest

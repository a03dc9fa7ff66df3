// What the kernels of a step do with one float4 of the vectors.
#pragma once

#include "cuda/runtime/block.cuh"
#include "cuda/solve/conjugate_gradient.h"

namespace lposs::cuda {

/// a b + c
__device__ __forceinline__ float4 multiply_add(const float4& a, const float4& b, const float4& c) {
    return {a.x * b.x + c.x, a.y * b.y + c.y, a.z * b.z + c.z, a.w * b.w + c.w};
}

/// c - a b
__device__ __forceinline__ float4 multiply_subtract(const float4& a, const float4& b, const float4& c) {
    return {c.x - a.x * b.x, c.y - a.y * b.y, c.z - a.z * b.z, c.w - a.w * b.w};
}

/// Four scalars of a plane.
__device__ __forceinline__ float4 scalars_of(const float* scalars, int plane) {
    return reinterpret_cast<const float4*>(scalars)[plane];
}

__device__ __forceinline__ bool is_live(const Columns& columns, int plane) {
    const int4 live = reinterpret_cast<const int4*>(columns.live)[plane];
    return (live.x | live.y | live.z | live.w) != 0;
}

/// The dot products of a plane's four columns. In double: the next |r|^2 is a small difference of large ones.
struct Dots {
    double sums[dot_products][4];
};

__device__ __forceinline__ void add_products(Dots& dots, const float4& r, const float4& p, const float4& q) {
    const double rs[] = {r.x, r.y, r.z, r.w};
    const double ps[] = {p.x, p.y, p.z, p.w};
    const double qs[] = {q.x, q.y, q.z, q.w};
    GPU_UNROLL
    for (int c = 0; c < 4; ++c) {
        dots.sums[dot_rr][c] += rs[c] * rs[c];
        dots.sums[dot_pq][c] += ps[c] * qs[c];
        dots.sums[dot_rq][c] += rs[c] * qs[c];
        dots.sums[dot_qq][c] += qs[c] * qs[c];
    }
}

/// Where a partial sum lies.
__device__ __forceinline__ int64_t partial_at(int column, int dot, int64_t count, int64_t part) {
    return (int64_t{column} * dot_products + dot) * count + part;
}

/// Stores a plane's sums as part `part` of `count`.
__device__ __forceinline__ void store_products(const Dots& dots, int plane, int columns, int64_t count, int64_t part,
                                               double* partials) {
    GPU_UNROLL
    for (int c = 0; c < 4; ++c) {
        if (4 * plane + c >= columns) continue;
        GPU_UNROLL
        for (int dot = 0; dot < dot_products; ++dot)
            partials[partial_at(4 * plane + c, dot, count, part)] = dots.sums[dot][c];
    }
}

} // namespace lposs::cuda

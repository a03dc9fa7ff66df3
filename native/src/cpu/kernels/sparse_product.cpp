// A row of S is one weight and one node number per neighbour; each loaded weight serves all columns of the
// block. Several neighbours are under way at once, in sums of their own, because one multiply-add waits for
// the one before.
#include "cpu/kernels/sparse_product.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

constexpr int width_limit = 4;

template <int width>
LPOSS_INLINE void store_sums(const DoubleVector* sums, double* out) {
    for (int v = 0; v < width; ++v)
        for (int l = 0; l < lanes; ++l) out[v * lanes + l] = sums[v][l];
}

template <int width>
void advance(int64_t nodes, const float* a, const float* b, const float* r, float* x, float* p) {
    Vector av[width], bv[width];
    for (int v = 0; v < width; ++v) {
        av[v] = load_unaligned(a + v * lanes);
        bv[v] = load_unaligned(b + v * lanes);
    }
    for (int64_t i = 0; i < nodes * width * lanes; i += width * lanes)
#pragma GCC unroll 4
        for (int v = 0; v < width; ++v) {
            const int64_t at = i + v * lanes;
            const Vector direction = load(p + at);
            store(x + at, load(x + at) + av[v] * direction);
            store(p + at, load(r + at) + bv[v] * direction);
        }
}

template <int width>
void multiply(const int64_t* row_offsets, const int32_t* columns, const float* weights, int64_t first,
              int64_t last, float alpha, const float* p, float* q, double* pq) {
    constexpr int chains = width == 1 ? 8 : width == 2 ? 4 : width == 3 ? 3 : 2;
    DoubleVector dots[width] = {};
    for (int64_t i = first; i < last; ++i) {
        Vector sums[chains][width] = {};
        int64_t e = row_offsets[i];
        const int64_t end = row_offsets[i + 1];
        for (; e + chains <= end; e += chains)
#pragma GCC unroll 8
            for (int c = 0; c < chains; ++c) {
                const Vector weight = broadcast(weights[e + c]);
                const float* neighbour = p + static_cast<int64_t>(columns[e + c]) * (width * lanes);
#pragma GCC unroll 4
                for (int v = 0; v < width; ++v) sums[c][v] += weight * load(neighbour + v * lanes);
            }
        for (; e < end; ++e) {
            const Vector weight = broadcast(weights[e]);
            const float* neighbour = p + static_cast<int64_t>(columns[e]) * (width * lanes);
#pragma GCC unroll 4
            for (int v = 0; v < width; ++v) sums[0][v] += weight * load(neighbour + v * lanes);
        }
#pragma GCC unroll 4
        for (int v = 0; v < width; ++v) {
#pragma GCC unroll 8
            for (int c = 1; c < chains; ++c) sums[0][v] += sums[c][v];
            const int64_t at = (i * width + v) * lanes;
            const Vector direction = load(p + at);
            const Vector product = direction - alpha * sums[0][v];
            store(q + at, product);
            dots[v] += to_double(direction) * to_double(product);
        }
    }
    store_sums<width>(dots, pq);
}

template <int width>
void descend(int64_t nodes, const float* a, const float* q, float* r, double* rr) {
    Vector av[width];
    for (int v = 0; v < width; ++v) av[v] = load_unaligned(a + v * lanes);
    DoubleVector dots[width] = {};
    for (int64_t i = 0; i < nodes * width * lanes; i += width * lanes)
#pragma GCC unroll 4
        for (int v = 0; v < width; ++v) {
            const int64_t at = i + v * lanes;
            const Vector residual = load(r + at) - av[v] * load(q + at);
            store(r + at, residual);
            dots[v] += to_double(residual) * to_double(residual);
        }
    store_sums<width>(dots, rr);
}

void advance_block(int64_t nodes, int width, const float* a, const float* b, const float* r, float* x,
                   float* p) {
    switch (width) {
    case 1:
        return advance<1>(nodes, a, b, r, x, p);
    case 2:
        return advance<2>(nodes, a, b, r, x, p);
    case 3:
        return advance<3>(nodes, a, b, r, x, p);
    default:
        return advance<4>(nodes, a, b, r, x, p);
    }
}

void multiply_block(const int64_t* row_offsets, const int32_t* columns, const float* weights, int64_t first,
                    int64_t last, int width, float alpha, const float* p, float* q, double* pq) {
    switch (width) {
    case 1:
        return multiply<1>(row_offsets, columns, weights, first, last, alpha, p, q, pq);
    case 2:
        return multiply<2>(row_offsets, columns, weights, first, last, alpha, p, q, pq);
    case 3:
        return multiply<3>(row_offsets, columns, weights, first, last, alpha, p, q, pq);
    default:
        return multiply<4>(row_offsets, columns, weights, first, last, alpha, p, q, pq);
    }
}

void descend_block(int64_t nodes, int width, const float* a, const float* q, float* r, double* rr) {
    switch (width) {
    case 1:
        return descend<1>(nodes, a, q, r, rr);
    case 2:
        return descend<2>(nodes, a, q, r, rr);
    case 3:
        return descend<3>(nodes, a, q, r, rr);
    default:
        return descend<4>(nodes, a, q, r, rr);
    }
}

} // namespace

extern const SparseProductKernels sparse_product_kernels;
const SparseProductKernels sparse_product_kernels = {width_limit, advance_block, multiply_block,
                                                     descend_block};

} // namespace lposs::cpu::LPOSS_ISA

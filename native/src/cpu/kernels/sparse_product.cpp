// A row of S is one weight and one node number per neighbour; each loaded weight serves all columns of the block.
// Several neighbours are under way at once, in sums of their own, because one multiply-add waits for the one before.
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

// Entries [begin, end) of a row times p, added to `sums`.
template <int width>
LPOSS_INLINE void add_entries(const SplitRows& rows, int64_t begin, int64_t end, const float* p, Vector* sums) {
    constexpr int chains = width == 1 ? 8 : width == 2 ? 4 : width == 3 ? 3 : 2;
    Vector chain[chains][width] = {};
    int64_t e = begin;
    for (; e + chains <= end; e += chains)
#pragma GCC unroll 8
        for (int c = 0; c < chains; ++c) {
            const Vector weight = broadcast(rows.weights[e + c]);
            const float* neighbour = p + static_cast<int64_t>(rows.columns[e + c]) * (width * lanes);
#pragma GCC unroll 4
            for (int v = 0; v < width; ++v) chain[c][v] += weight * load(neighbour + v * lanes);
        }
    for (; e < end; ++e) {
        const Vector weight = broadcast(rows.weights[e]);
        const float* neighbour = p + static_cast<int64_t>(rows.columns[e]) * (width * lanes);
#pragma GCC unroll 4
        for (int v = 0; v < width; ++v) chain[0][v] += weight * load(neighbour + v * lanes);
    }
#pragma GCC unroll 4
    for (int v = 0; v < width; ++v) {
#pragma GCC unroll 8
        for (int c = 0; c < chains; ++c) sums[v] += chain[c][v];
    }
}

template <int width>
void multiply(const SplitRows& rows, int64_t first, int64_t last, float alpha, const float* p, float* q, double* pq) {
    constexpr int row = width * lanes;
    DoubleVector dots[width] = {};
    for (int64_t part = 0; part < rows.parts; ++part)
        for (int64_t i = first; i < last; ++i) {
            const int64_t* split = rows.splits + i * (rows.parts + 1) + part;
            Vector sums[width] = {};
            if (part > 0)
                for (int v = 0; v < width; ++v) sums[v] = load(q + i * row + v * lanes);
            add_entries<width>(rows, split[0], split[1], p, sums);
            if (part + 1 < rows.parts) {
                for (int v = 0; v < width; ++v) store(q + i * row + v * lanes, sums[v]);
                continue;
            }
#pragma GCC unroll 4
            for (int v = 0; v < width; ++v) {
                const Vector direction = load(p + i * row + v * lanes);
                const Vector product = direction - alpha * sums[v];
                store(q + i * row + v * lanes, product);
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

void advance_block(int64_t nodes, int width, const float* a, const float* b, const float* r, float* x, float* p) {
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

void multiply_block(const SplitRows& rows, int64_t first, int64_t last, int width, float alpha, const float* p,
                    float* q, double* pq) {
    switch (width) {
    case 1:
        return multiply<1>(rows, first, last, alpha, p, q, pq);
    case 2:
        return multiply<2>(rows, first, last, alpha, p, q, pq);
    case 3:
        return multiply<3>(rows, first, last, alpha, p, q, pq);
    default:
        return multiply<4>(rows, first, last, alpha, p, q, pq);
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
const SparseProductKernels sparse_product_kernels = {width_limit, advance_block, multiply_block, descend_block};

} // namespace lposs::cpu::LPOSS_ISA

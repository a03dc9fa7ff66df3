// The update of x is put off until p changes, so that a step is three passes: x and p; q = A p with p.q; r with r.r. A
// column that has stopped shares its vector with others that have not; its scalars are then 0, which leaves its x as it
// is.
#include "cpu/solve/sparse_system.h"

#include "core/checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

// Nodes per task: some microseconds of work each. Sums are made per task, so these do not depend on the threads.
constexpr int64_t multiply_nodes = 64;
constexpr int64_t update_nodes = 256;
constexpr int64_t widest_vector = 16;

// A part of p in the first cache, beside the rows of q and the stream of weights.
constexpr int64_t part_bytes = 32 << 10;
constexpr int64_t most_parts = 32;
constexpr int64_t least_entries =
    32; // of a row in a part; with fewer, starting and ending cost more than the cache gives

// Position of the first element that is not below `bound` in ascending values; without branches, as they would be
// guessed wrong half of the time.
int64_t first_not_below(const int32_t* values, int64_t count, int64_t bound) {
    const int32_t* base = values;
    for (; count > 1; count -= count / 2) base += base[count / 2 - 1] < bound ? count / 2 : 0;
    return base - values + (count == 1 && *base < bound);
}

int64_t partial_sums(int64_t n, int64_t padded) {
    return checked_multiply(ceil_div(n, multiply_nodes), padded, "partial sums");
}

} // namespace

SparseSystem::SparseSystem(const Workspace& work, const SparseGraph& graph, const PropagateArguments& a)
    : work_(work), graph_(graph), alpha_(a.options.alpha), y_(a.y), x_out_(a.x), nodes_(graph.node_count()),
      columns_(a.columns) {
    const int64_t lanes = work.kernels.lanes;
    const int64_t vectors = ceil_div(columns_, lanes);
    const int64_t count = ceil_div(vectors, work.kernels.sparse_product.width_limit);
    int64_t vector = 0;
    for (int64_t block = 0; block < count; ++block) { // of equal width, or one vector less
        const int64_t width = ceil_div(vectors - vector, count - block);
        blocks_.push_back({vector * lanes, static_cast<int>(width), width * lanes, vector * lanes * nodes_});
        vector += width;
    }
    split_rows();
    const int64_t padded = vectors * lanes;
    const int64_t size = checked_multiply(nodes_, padded, "y");
    for (Buffer<float>* values : {&x_, &r_, &p_, &q_}) *values = work.buffer<float>(size);
    partial_ = work.buffer<double>(partial_sums(nodes_, padded));
    totals_.resize(static_cast<size_t>(padded));
    pending_a_.resize(static_cast<size_t>(padded));
    b_.resize(static_cast<size_t>(padded));
}

void SparseSystem::split_rows() {
    const int64_t widest = blocks_.empty() ? 1 : blocks_.front().columns;
    const int64_t entries = graph_.edge_count() / std::max<int64_t>(nodes_, 1);
    const int64_t fitting = ceil_div(nodes_ * widest * static_cast<int64_t>(sizeof(float)), part_bytes);
    parts_ = std::clamp<int64_t>(std::min(fitting, entries / least_entries), 1, most_parts);
    splits_ = work_.buffer<int64_t>(checked_multiply(nodes_, parts_ + 1, "y"));
    work_.threads.run(ceil_div(nodes_, update_nodes), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * update_nodes, nodes_);
        for (int64_t i = task * update_nodes; i < end; ++i) {
            const int64_t begin = graph_.row_offsets()[i], count = graph_.row_offsets()[i + 1] - begin;
            int64_t* split = splits_.data() + i * (parts_ + 1);
            for (int64_t part = 0; part <= parts_; ++part)
                split[part] = begin + first_not_below(graph_.columns() + begin, count, nodes_ * part / parts_);
        }
    });
}

int64_t SparseSystem::memory(int64_t n, int64_t columns) {
    const int64_t padded = round_up(columns, widest_vector);
    return checked_multiply(n, padded * 4 * static_cast<int64_t>(sizeof(float)), "y") +
           n * (most_parts + 1) * static_cast<int64_t>(sizeof(int64_t)) +
           partial_sums(n, padded) * static_cast<int64_t>(sizeof(double));
}

std::vector<SparseSystem::Block> SparseSystem::blocks_with(const std::vector<int32_t>& active) const {
    std::vector<Block> wanted;
    auto column = active.begin();
    for (const Block& block : blocks_) {
        if (column == active.end()) break;
        if (*column >= block.first_column + block.columns) continue;
        wanted.push_back(block);
        column = std::lower_bound(column, active.end(), block.first_column + block.columns);
    }
    return wanted;
}

template <class Body>
void SparseSystem::run(const std::vector<Block>& blocks, int64_t nodes_per_task, double* totals, const Body& body) {
    const int64_t tasks = ceil_div(nodes_, nodes_per_task);
    const auto padded = static_cast<int64_t>(totals_.size());
    work_.threads.run(tasks * static_cast<int64_t>(blocks.size()), [&](int64_t index, int) {
        const Block& block = blocks[static_cast<size_t>(index / tasks)];
        const int64_t task = index % tasks;
        const int64_t first = task * nodes_per_task;
        body(block, first, std::min(first + nodes_per_task, nodes_),
             partial_.data() + task * padded + block.first_column);
    });
    if (!totals) return;
    for (const Block& block : blocks) {
        const int64_t end = std::min(block.first_column + block.columns, columns_);
        std::fill(totals + block.first_column, totals + end, 0.0);
        for (int64_t task = 0; task < tasks; ++task)
            for (int64_t c = block.first_column; c < end; ++c) totals[c] += partial_[task * padded + c];
    }
}

void SparseSystem::start(double* rr) {
    run(blocks_, update_nodes, rr, [&](const Block& block, int64_t first, int64_t end, double* sums) {
        const int64_t present = std::min(block.columns, columns_ - block.first_column);
        std::fill_n(sums, block.columns, 0.0);
        for (int64_t i = first; i < end; ++i) {
            const int64_t at = block.offset + i * block.columns;
            const float* row = y_ + i * columns_ + block.first_column;
            for (int64_t c = 0; c < block.columns; ++c) {
                const float value = c < present ? row[c] : 0.0F;
                r_[at + c] = value;
                p_[at + c] = 0.0F; // the first step makes it r
                x_[at + c] = 0.0F;
                sums[c] += static_cast<double>(value) * static_cast<double>(value);
            }
        }
    });
}

void SparseSystem::apply(const std::vector<int32_t>& active, const float* b, double* pq) {
    const auto blocks = blocks_with(active);
    std::fill(b_.begin(), b_.end(), 0.0F);
    for (const int32_t c : active) b_[static_cast<size_t>(c)] = b[c];
    const SparseProductKernels& kernels = work_.kernels.sparse_product;
    run(blocks, update_nodes, nullptr, [&](const Block& block, int64_t first, int64_t end, double*) {
        const int64_t at = block.offset + first * block.columns;
        kernels.advance(end - first, block.width, pending_a_.data() + block.first_column,
                        b_.data() + block.first_column, r_.data() + at, x_.data() + at, p_.data() + at);
    });
    for (const Block& block : blocks) std::fill_n(pending_a_.begin() + block.first_column, block.columns, 0.0F);

    const SplitRows rows = {splits_.data(), parts_, graph_.columns(), graph_.weights()};
    run(blocks, multiply_nodes, totals_.data(), [&](const Block& block, int64_t first, int64_t end, double* sums) {
        kernels.multiply(rows, first, end, block.width, alpha_, p_.data() + block.offset, q_.data() + block.offset,
                         sums);
    });
    for (const int32_t c : active) pq[c] = totals_[static_cast<size_t>(c)];
}

void SparseSystem::descend(const std::vector<int32_t>& active, const float* a, double* rr) {
    for (const int32_t c : active) pending_a_[static_cast<size_t>(c)] = a[c];
    const SparseProductKernels& kernels = work_.kernels.sparse_product;
    run(blocks_with(active), update_nodes, totals_.data(),
        [&](const Block& block, int64_t first, int64_t end, double* sums) {
            const int64_t at = block.offset + first * block.columns;
            kernels.descend(end - first, block.width, pending_a_.data() + block.first_column, q_.data() + at,
                            r_.data() + at, sums);
        });
    for (const int32_t c : active) rr[c] = totals_[static_cast<size_t>(c)];
}

void SparseSystem::finish() {
    run(blocks_, update_nodes, nullptr, [&](const Block& block, int64_t first, int64_t end, double*) {
        const int64_t present = std::min(block.columns, columns_ - block.first_column);
        const float* a = pending_a_.data() + block.first_column;
        for (int64_t i = first; i < end; ++i) {
            const int64_t at = block.offset + i * block.columns;
            float* row = x_out_ + i * columns_ + block.first_column;
            for (int64_t c = 0; c < present; ++c) row[c] = x_[at + c] + a[c] * p_[at + c];
        }
    });
}

void SparseGraph::propagate(const Workspace& work, const PropagateArguments& a) const {
    SparseSystem system(work, *this, a);
    conjugate_gradient(system, a.columns, a.options, work.progress, *a.result);
}

int64_t patch_propagate_cost(int64_t n, int64_t columns) {
    const int64_t bytes = SparseSystem::memory(n, columns);
    return bytes + bytes / 64 + 4096; // buffers are rounded up, and a kept block may be a little larger
}

} // namespace lposs::cpu

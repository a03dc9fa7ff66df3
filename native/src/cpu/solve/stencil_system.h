// A = I - alpha S over a pixel graph, with vectors in the banded layout.
#pragma once

#include "cpu/graph/pixel_graph.h"
#include "cpu/solve/conjugate_gradient.h"

namespace lposs::cpu {

/// Columns [first, first + count) of y and x.
class StencilSystem final : public LinearSystem {
public:
    StencilSystem(const Workspace& work, const PixelGraph& graph, const PropagateArguments& a, int64_t first,
                  int64_t count);

    void start(double* rr) override;
    void apply(const std::vector<int32_t>& active, const float* b, double* pq) override;
    void descend(const std::vector<int32_t>& active, const float* a, double* rr) override;
    void finish() override;

    /// Bytes of scratch memory for `count` columns.
    static int64_t scratch(const BandedLayout& layout, int64_t count);

private:
    /// x += a p of the last step and p = r + b p: one pass instead of two.
    void turn(const std::vector<int32_t>& active, const float* b);
    /// q = A p.
    void multiply(const std::vector<int32_t>& active, double* pq);
    /// One row of a strip of columns; adds to pq [active].
    void multiply_row(const std::vector<int32_t>& active, int64_t row, int64_t first, int64_t last, double* pq);

    float* plane(const Buffer<float>& vectors, int64_t column) const {
        return vectors.data() + column * layout_.plane();
    }

    const Workspace& work_;
    const PixelGraph& graph_;
    const BandedLayout& layout_;
    const float alpha_;
    const float* const y_;
    float* const solution_;
    const int64_t stride_, count_;
    Buffer<float> x_, r_, p_, q_;
    std::vector<int32_t> steps_; // taken by each column; x lacks the last one
    std::vector<float> a_;       // of the last step
};

} // namespace lposs::cpu

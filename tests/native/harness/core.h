// The library on one device, arrays in and arrays out: what every test calls. Each call checks its status (a failure
// throws, with the library's text), the guard bands around the outputs and that the inputs were left alone.
#pragma once

#include "harness/device.h"
#include "harness/tensors.h"
#include "spec/array.h"

#include <optional>

struct KnnResult {
    Array<float> similarities;
    Array<int32_t> indices;
};

struct SolveResult {
    Array<float> x;
    lposs_solve_report report{};
    std::vector<int32_t> steps;
    std::vector<float> residuals;
};

struct LabelResult {
    Array<int32_t> labels; ///< widened from the dtype that was asked for
    Array<float> confidence;
};

struct SegmentCall {
    std::optional<Array<uint8_t>> image;
    Array<int32_t> windows;
    int32_t patch_size = 16;
    Array<float> vlm, text;
    std::optional<Array<float>> vm;
    std::optional<std::vector<int32_t>> prompt_classes;
    lposs_segment_options options{};
    int64_t classes = 0, height = 0, width = 0; ///< of the outputs
    bool wants_scores = true;

    SegmentCall() { lposs_segment_options_init(&options); }
};

/// One of scores and labels.
struct RefineCall {
    Array<uint8_t> image;
    std::optional<Array<float>> scores;    ///< [h,w,C]
    std::optional<Array<int32_t>> labels;  ///< [h,w]
    lposs_dtype label_dtype = LPOSS_INT32; ///< that `labels` are given in
    int32_t ignore = 255;
    lposs_refine_options options{};
    int64_t classes = 0, height = 0, width = 0; ///< of the outputs

    RefineCall() { lposs_refine_options_init(&options); }
};

/// What lposs_image_segment and lposs_image_refine give.
struct SegmentResult {
    Array<int32_t> labels; ///< [H',W']
    Array<float> confidence;
    Array<float> scores; ///< empty if not wanted
    lposs_segment_report report{};
    int64_t planned_bytes = 0; ///< lposs_segment_get_memory
    int64_t peak_bytes = 0;    ///< above what was in use before
};

class Core {
public:
    explicit Core(const TestDevice& device, int32_t threads = 0) : device_(device), context_(device, threads) {}
    Core(const TestDevice& device, const lposs_context_options& options) : device_(device), context_(options) {}

    lposs_context* context() const { return context_; }
    lposs_context_info info() const;

    template <class T>
    Input<T> input(const Array<T>& array) const {
        return Input<T>(context_, device_, array);
    }
    template <class T>
    Output<T> output(std::vector<int64_t> shape) const {
        return Output<T>(context_, device_, std::move(shape));
    }

    Array<float> similarity(const Array<float>& features, const Array<float>& text) const;
    KnnResult knn(const Array<float>& features, int64_t k) const;
    Graph patch_graph(const Array<float>& features, const Array<float>& centres,
                      const lposs_patch_graph_options& options) const;
    template <class T>
    Graph pixel_graph(const Array<T>& image, const lposs_pixel_graph_options& options) const;
    Graph csr_graph(const Array<int64_t>& row_offsets, const Array<int32_t>& columns,
                    const Array<float>& weights) const;
    SolveResult propagate(const lposs_graph* graph, const Array<float>& y, const lposs_solver_options& options) const;
    Array<float> propagate_in_place(const lposs_graph* graph, const Array<float>& y,
                                    const lposs_solver_options& options) const;
    Array<float> stitch(const Array<float>& patch_scores, const Array<int32_t>& windows, int32_t patch_size,
                        int64_t height, int64_t width) const;
    template <class T>
    Array<T> resize(const Array<T>& x, int64_t height, int64_t width) const;
    Array<float> merge_prompts(const Array<float>& scores, const std::vector<int32_t>& class_of, int64_t classes) const;
    LabelResult argmax(const Array<float>& scores, lposs_dtype dtype = LPOSS_INT32) const;
    template <class T>
    Array<float> rgb_to_lab(const Array<T>& image) const;
    Array<float> cut_windows(const Array<uint8_t>& image, const Array<int32_t>& windows, const float* mean,
                             const float* std, int64_t height, int64_t width) const;
    SegmentResult segment(const SegmentCall& call, lposs_dtype label_dtype = LPOSS_UINT16) const;
    SegmentResult refine(const RefineCall& call) const;

private:
    /// Asks `query` for the memory, then runs `call` with outputs of this shape.
    template <class Query, class Call>
    SegmentResult run_pipeline(int64_t height, int64_t width, int64_t classes, bool wants_scores,
                               lposs_dtype label_dtype, Query query, Call call) const;

    TestDevice device_;
    Context context_;
};

/// lposs_windows_fill, lposs_patches_count and lposs_patches_get_centres, which need no context.
Array<int32_t> windows_of(int64_t height, int64_t width, int64_t window, int64_t stride);
Array<float> patch_centres_of(const Array<int32_t>& windows, int32_t patch_size);

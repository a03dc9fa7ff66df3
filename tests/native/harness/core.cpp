#include "harness/core.h"

#include <stdexcept>

namespace {

// Labels of any dtype, as int32.
class LabelOutput {
public:
    LabelOutput(lposs_context* context, const TestDevice& device, lposs_dtype dtype,
                const std::vector<int64_t>& shape) {
        if (dtype == LPOSS_UINT8)
            bytes_.emplace(context, device, shape);
        else if (dtype == LPOSS_UINT16)
            words_.emplace(context, device, shape);
        else
            integers_.emplace(context, device, shape);
    }
    const lposs_tensor& tensor() const {
        return bytes_ ? bytes_->tensor() : words_ ? words_->tensor() : integers_->tensor();
    }
    Array<int32_t> fetch() {
        if (bytes_) return cast<int32_t>(bytes_->fetch());
        return words_ ? cast<int32_t>(words_->fetch()) : integers_->fetch();
    }

private:
    std::optional<Output<uint8_t>> bytes_;
    std::optional<Output<uint16_t>> words_;
    std::optional<Output<int32_t>> integers_;
};

} // namespace

lposs_context_info Core::info() const {
    lposs_context_info info;
    lposs_context_info_init(&info);
    require(lposs_context_get_info(context_, &info));
    return info;
}

Array<float> Core::similarity(const Array<float>& features, const Array<float>& text) const {
    const auto in = input(features), prompts = input(text);
    auto scores = output<float>({features.shape[0], text.shape[0]});
    require(lposs_similarity_compute(context_, &in.tensor(), &prompts.tensor(), &scores.tensor()));
    in.verify();
    prompts.verify();
    return scores.fetch();
}

KnnResult Core::knn(const Array<float>& features, int64_t k) const {
    const auto in = input(features);
    auto similarities = output<float>({features.shape[0], k});
    auto indices = output<int32_t>({features.shape[0], k});
    require(lposs_knn_search(context_, &in.tensor(), &similarities.tensor(), &indices.tensor()));
    in.verify();
    return {similarities.fetch(), indices.fetch()};
}

Graph Core::patch_graph(const Array<float>& features, const Array<float>& centres,
                        const lposs_patch_graph_options& options) const {
    const auto in = input(features), places = input(centres);
    lposs_graph* graph = nullptr;
    require(lposs_graph_create_from_patches(context_, &in.tensor(), &places.tensor(), &options, &graph));
    in.verify();
    places.verify();
    return Graph(graph);
}

template <class T>
Graph Core::pixel_graph(const Array<T>& image, const lposs_pixel_graph_options& options) const {
    const auto in = input(image);
    lposs_graph* graph = nullptr;
    require(lposs_graph_create_from_image(context_, &in.tensor(), &options, &graph));
    in.verify();
    return Graph(graph);
}
template Graph Core::pixel_graph(const Array<uint8_t>&, const lposs_pixel_graph_options&) const;
template Graph Core::pixel_graph(const Array<float>&, const lposs_pixel_graph_options&) const;

Graph Core::csr_graph(const Array<int64_t>& row_offsets, const Array<int32_t>& columns,
                      const Array<float>& weights) const {
    const lposs_tensor rows = host_tensor(row_offsets), entries = host_tensor(columns), values = host_tensor(weights);
    lposs_graph* graph = nullptr;
    require(lposs_graph_create_from_csr(context_, &rows, &entries, &values, &graph));
    return Graph(graph);
}

SolveResult Core::propagate(const lposs_graph* graph, const Array<float>& y,
                            const lposs_solver_options& options) const {
    const auto in = input(y);
    auto x = output<float>(y.shape);
    SolveResult result;
    result.steps.resize(static_cast<size_t>(y.shape[1]), -1);
    result.residuals.resize(static_cast<size_t>(y.shape[1]), -1.0F);
    lposs_solve_report_init(&result.report);
    result.report.column_capacity = static_cast<int32_t>(y.shape[1]);
    result.report.steps = result.steps.data();
    result.report.residuals = result.residuals.data();
    require(lposs_graph_propagate(context_, graph, &in.tensor(), &options, &x.tensor(), &result.report));
    in.verify();
    result.x = x.fetch();
    return result;
}

Array<float> Core::propagate_in_place(const lposs_graph* graph, const Array<float>& y,
                                      const lposs_solver_options& options) const {
    auto x = output<float>(y.shape);
    const auto in = input(y);
    require(lposs_tensor_copy(context_, &in.tensor(), &x.tensor()));
    require(lposs_graph_propagate(context_, graph, &x.tensor(), &options, &x.tensor(), nullptr));
    return x.fetch();
}

Array<float> Core::stitch(const Array<float>& patch_scores, const Array<int32_t>& windows, int32_t patch_size,
                          int64_t height, int64_t width) const {
    const auto in = input(patch_scores);
    const lposs_tensor places = host_tensor(windows);
    auto scores = output<float>({height, width, patch_scores.shape[1]});
    require(lposs_windows_stitch(context_, &in.tensor(), &places, patch_size, &scores.tensor()));
    in.verify();
    return scores.fetch();
}

template <class T>
Array<T> Core::resize(const Array<T>& x, int64_t height, int64_t width) const {
    const auto in = input(x);
    auto out = output<T>({height, width, x.shape[2]});
    require(lposs_image_resize(context_, &in.tensor(), &out.tensor()));
    in.verify();
    return out.fetch();
}
template Array<float> Core::resize(const Array<float>&, int64_t, int64_t) const;
template Array<uint8_t> Core::resize(const Array<uint8_t>&, int64_t, int64_t) const;

Array<float> Core::merge_prompts(const Array<float>& scores, const std::vector<int32_t>& class_of,
                                 int64_t classes) const {
    const auto in = input(scores);
    const Array<int32_t> mapping({static_cast<int64_t>(class_of.size())}, class_of);
    const lposs_tensor prompt_classes = host_tensor(mapping);
    auto merged = output<float>({scores.shape[0], classes});
    require(lposs_scores_merge_prompts(context_, &in.tensor(), &prompt_classes, &merged.tensor()));
    in.verify();
    return merged.fetch();
}

LabelResult Core::argmax(const Array<float>& scores, lposs_dtype dtype) const {
    const auto in = input(scores);
    LabelOutput labels(context_, device_, dtype, {scores.shape[0]});
    auto confidence = output<float>({scores.shape[0]});
    require(lposs_scores_argmax(context_, &in.tensor(), &labels.tensor(), &confidence.tensor()));
    in.verify();
    LabelResult result{labels.fetch(), confidence.fetch()};

    LabelOutput alone(context_, device_, dtype, {scores.shape[0]});
    require(lposs_scores_argmax(context_, &in.tensor(), &alone.tensor(), nullptr));
    if (alone.fetch().values != result.labels.values)
        throw std::runtime_error("lposs_scores_argmax: labels depend on whether confidence is wanted");
    return result;
}

template <class T>
Array<float> Core::rgb_to_lab(const Array<T>& image) const {
    const auto in = input(image);
    auto lab = output<float>(image.shape);
    require(lposs_image_convert_to_lab(context_, &in.tensor(), &lab.tensor()));
    in.verify();
    return lab.fetch();
}
template Array<float> Core::rgb_to_lab(const Array<uint8_t>&) const;
template Array<float> Core::rgb_to_lab(const Array<float>&) const;

Array<float> Core::cut_windows(const Array<uint8_t>& image, const Array<int32_t>& windows, const float* mean,
                               const float* std, int64_t height, int64_t width) const {
    const auto in = input(image);
    const lposs_tensor places = host_tensor(windows);
    auto batch = output<float>({windows.shape[0], 3, height, width});
    require(lposs_windows_cut(context_, &in.tensor(), &places, mean, std, &batch.tensor()));
    in.verify();
    return batch.fetch();
}

SegmentResult Core::segment(const SegmentCall& call, lposs_dtype label_dtype) const {
    const auto vlm = input(call.vlm), text = input(call.text);
    std::optional<Input<float>> vm;
    std::optional<Input<uint8_t>> image;
    std::optional<Array<int32_t>> mapping;
    lposs_segment_inputs inputs;
    lposs_segment_inputs_init(&inputs);
    inputs.patch_size = call.patch_size;
    inputs.windows = host_tensor(call.windows);
    inputs.vlm = vlm.tensor();
    inputs.text = text.tensor();
    if (call.vm) inputs.vm = vm.emplace(context_, device_, *call.vm).tensor();
    if (call.image) inputs.image = image.emplace(context_, device_, *call.image).tensor();
    if (call.prompt_classes) {
        mapping.emplace(std::vector<int64_t>{static_cast<int64_t>(call.prompt_classes->size())}, *call.prompt_classes);
        inputs.prompt_classes = host_tensor(*mapping);
    }

    const SegmentResult result = run_pipeline(
        call.height, call.width, call.classes, call.wants_scores, label_dtype,
        [&](const lposs_segment_outputs& outputs, int64_t* bytes) {
            return lposs_segment_get_memory(context_, &inputs, &call.options, &outputs, bytes);
        },
        [&](const lposs_segment_outputs& outputs, lposs_segment_report* report) {
            return lposs_image_segment(context_, &inputs, &call.options, &outputs, report);
        });
    vlm.verify();
    text.verify();
    if (vm) vm->verify();
    if (image) image->verify();
    return result;
}

SegmentResult Core::refine(const RefineCall& call) const {
    const auto image = input(call.image);
    lposs_refine_inputs inputs;
    lposs_refine_inputs_init(&inputs);
    inputs.ignore = call.ignore;
    inputs.image = image.tensor();
    std::optional<Input<float>> scores;
    std::optional<Input<uint8_t>> bytes;
    std::optional<Input<uint16_t>> words;
    std::optional<Input<int32_t>> integers;
    if (call.scores) inputs.scores = scores.emplace(context_, device_, *call.scores).tensor();
    if (call.labels) {
        inputs.classes = static_cast<int32_t>(call.classes);
        if (call.label_dtype == LPOSS_UINT8)
            inputs.labels = bytes.emplace(context_, device_, cast<uint8_t>(*call.labels)).tensor();
        else if (call.label_dtype == LPOSS_UINT16)
            inputs.labels = words.emplace(context_, device_, cast<uint16_t>(*call.labels)).tensor();
        else
            inputs.labels = integers.emplace(context_, device_, *call.labels).tensor();
    }
    const SegmentResult result = run_pipeline(
        call.height, call.width, call.classes, true, LPOSS_UINT16,
        [&](const lposs_segment_outputs& outputs, int64_t* planned) {
            return lposs_refine_get_memory(context_, &inputs, &call.options, &outputs, planned);
        },
        [&](const lposs_segment_outputs& outputs, lposs_segment_report* report) {
            return lposs_image_refine(context_, &inputs, &call.options, &outputs, report);
        });
    image.verify();
    return result;
}

template <class Query, class Call>
SegmentResult Core::run_pipeline(int64_t height, int64_t width, int64_t classes, bool wants_scores,
                                 lposs_dtype label_dtype, Query query, Call call) const {
    LabelOutput labels(context_, device_, label_dtype, {height, width});
    auto confidence = output<float>({height, width});
    std::optional<Output<float>> scores;
    lposs_segment_outputs outputs;
    lposs_segment_outputs_init(&outputs);
    outputs.labels = labels.tensor();
    outputs.confidence = confidence.tensor();
    if (wants_scores)
        outputs.scores = scores.emplace(context_, device_, std::vector<int64_t>{height, width, classes}).tensor();

    SegmentResult result;
    lposs_segment_report_init(&result.report);
    require(query(outputs, &result.planned_bytes));
    require(lposs_context_reset_memory_peak(context_));
    const int64_t before = info().memory_in_use;
    require(call(outputs, &result.report));
    result.peak_bytes = info().memory_peak - before;
    if (info().memory_in_use != before) throw std::runtime_error("the call kept scratch memory in use");
    result.labels = labels.fetch();
    result.confidence = confidence.fetch();
    if (scores) result.scores = scores->fetch();
    return result;
}

Array<int32_t> windows_of(int64_t height, int64_t width, int64_t window, int64_t stride) {
    int64_t count = 0;
    require(lposs_windows_count(height, width, window, stride, &count));
    const TestDevice host{LPOSS_DEVICE_CPU, false, "host"};
    Output<int32_t> windows(nullptr, host, {count, 4});
    require(lposs_windows_fill(height, width, window, stride, &windows.tensor()));
    return windows.fetch();
}

Array<float> patch_centres_of(const Array<int32_t>& windows, int32_t patch_size) {
    int64_t count = 0;
    const lposs_tensor places = host_tensor(windows);
    require(lposs_patches_count(&places, patch_size, &count));
    const TestDevice host{LPOSS_DEVICE_CPU, false, "host"};
    Output<float> centres(nullptr, host, {count, 2});
    require(lposs_patches_get_centres(&places, patch_size, &centres.tensor()));
    return centres.fetch();
}

// The CUDA backend: wires each operation of the interface to its file. Every call runs on the context's
// device and turns CUDA's failures into the core's (device_call.h).
#include "cuda/cuda_backend.h"

#include "cuda/card.h"
#include "cuda/cut_windows.h"
#include "cuda/dense_graph.h"
#include "cuda/device_call.h"
#include "cuda/device_memory.h"
#include "cuda/knn.h"
#include "cuda/lab.h"
#include "cuda/labels.h"
#include "cuda/marks.h"
#include "cuda/matrix_product.h"
#include "cuda/patch_graph.h"
#include "cuda/pixel_graph.h"
#include "cuda/resample.h"
#include "cuda/row_means.h"
#include "cuda/similarity.h"
#include "cuda/sparse_graph.h"
#include "cuda/stitch.h"
#include "cuda/upload.h"

namespace lposs::cuda {
namespace {

cudaMemcpyKind copy_kind(lposs_memory target, lposs_memory source) {
    if (target == LPOSS_MEMORY_HOST)
        return source == LPOSS_MEMORY_HOST ? cudaMemcpyHostToHost : cudaMemcpyDeviceToHost;
    return source == LPOSS_MEMORY_HOST ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToDevice;
}

class CudaBackend final : public Backend {
public:
    CudaBackend(const BackendOptions& options, const cudaDeviceProp& card)
        : index_(options.device_index), name_(card.name),
          backend_("cuda sm_" + std::to_string(card.major) + std::to_string(card.minor)),
          stream_(std::make_shared<DeviceStream>(index_, options.stream)),
          work_{stream_, stream_->handle(),
                std::make_shared<MemoryPool>(
                    make_device_memory(stream_, options.has_allocator ? &options.allocator : nullptr),
                    options.memory_limit),
                blas_, static_cast<int64_t>(card.sharedMemPerBlockOptin)} {}

    lposs_device device() const override { return LPOSS_DEVICE_CUDA; }
    int32_t device_index() const override { return index_; }
    BackendInfo info() const override { return {1, name_, backend_}; }
    void* stream() const override { return work_.stream; }
    const std::shared_ptr<MemoryPool>& pool() const override { return work_.pool; }

    void copy(void* target, lposs_memory target_memory, const void* source, lposs_memory source_memory,
              size_t bytes) override {
        if (bytes == 0) return;
        on_device(index_, [&] {
            const auto kind = copy_kind(target_memory, source_memory);
            if (kind == cudaMemcpyHostToDevice)
                return upload_bytes(work_, source, static_cast<int64_t>(bytes), target);
            GPU_CHECK(cudaMemcpyAsync(target, source, bytes, kind, work_.stream));
            if (kind != cudaMemcpyDeviceToDevice) GPU_CHECK(cudaStreamSynchronize(work_.stream));
        });
    }
    void synchronize() override {
        on_device(index_, [&] { GPU_CHECK(cudaStreamSynchronize(work_.stream)); });
    }

    int mark() override {
        return on_device(index_, [&] { return marks_.add(work_.stream); });
    }
    double milliseconds(int from, int to) override {
        return on_device(index_, [&] { return marks_.milliseconds(from, to); });
    }
    void clear_marks() override { marks_.clear(); }

    void similarity(const float* features, int64_t n, int64_t d, const float* text, int64_t prompts,
                    float* scores) override {
        on_device(index_, [&] { cuda::similarity(work_, features, n, d, text, prompts, scores); });
    }
    void knn(const float* features, int64_t n, int64_t d, int64_t k, float* similarities,
             int32_t* indices) override {
        on_device(index_, [&] { cuda::knn(work_, features, n, d, k, similarities, indices); });
    }
    std::unique_ptr<Graph> patch_graph(const float* features, int64_t n, int64_t d, const float* centres,
                                       const lposs_patch_graph_options& options) override {
        return on_device(index_, [&]() -> std::unique_ptr<Graph> {
            return cuda::patch_graph(work_, features, n, d, centres, options);
        });
    }
    std::unique_ptr<Graph> pixel_graph(const float* lab, int64_t height, int64_t width,
                                       const lposs_pixel_graph_options& options) override {
        return on_device(index_, [&]() -> std::unique_ptr<Graph> {
            return cuda::pixel_graph(work_, lab, height, width, options);
        });
    }
    std::unique_ptr<Graph> csr_graph(int64_t n, const int64_t* row_offsets, const int32_t* columns,
                                     const float* weights) override {
        return on_device(index_, [&]() -> std::unique_ptr<Graph> {
            return cuda::csr_graph(work_, n, row_offsets, columns, weights);
        });
    }
    void subtract_row_means(const float* y, int64_t m, int64_t columns, float* x) override {
        on_device(index_, [&] { cuda::subtract_row_means(work_, y, m, columns, x); });
    }
    void propagate(const Graph& graph, const float* y, int64_t columns, float* x,
                   const lposs_solver_options& options, SolveResult* result) override {
        const auto& on_card = dynamic_cast<const DeviceGraph&>(graph);
        if (on_card.device_index() != index_)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "graph: lies on CUDA device %d, but the context is on device %d", on_card.device_index(),
                 index_);
        on_device(index_, [&] {
            if (const auto* sparse = dynamic_cast<const SparseGraph*>(&graph))
                cuda::propagate(work_, *sparse, y, columns, x, options, result);
            else if (const auto* dense = dynamic_cast<const DenseGraph*>(&graph))
                cuda::propagate(work_, *dense, y, columns, x, options, result);
            else
                cuda::propagate(work_, dynamic_cast<const PixelGraph&>(graph), y, columns, x, options,
                                result);
        });
    }
    void rgb_to_lab(const uint8_t* image, int64_t pixels, float* lab) override {
        on_device(index_, [&] { cuda::rgb_to_lab(work_, image, pixels, lab); });
    }
    void rgb_to_lab(const float* image, int64_t pixels, float* lab) override {
        on_device(index_, [&] { cuda::rgb_to_lab(work_, image, pixels, lab); });
    }
    void stitch(const float* patch_scores, int64_t prompts, const int32_t* columns, int64_t count,
                const std::vector<Window>& windows, int32_t patch_size, int64_t height, int64_t width,
                float* scores) override {
        on_device(index_, [&] {
            cuda::stitch(work_, patch_scores, prompts, columns, count, windows, patch_size, height, width,
                         scores);
        });
    }
    void resize(const float* input, int64_t height, int64_t width, int64_t channels, float* output,
                int64_t output_height, int64_t output_width, int64_t output_channels,
                int64_t first_channel) override {
        on_device(index_, [&] {
            cuda::resize(work_, input, height, width, channels, output, output_height, output_width,
                         output_channels, first_channel);
        });
    }
    void resize(const uint8_t* input, int64_t height, int64_t width, int64_t channels, uint8_t* output,
                int64_t output_height, int64_t output_width) override {
        on_device(index_, [&] {
            cuda::resize(work_, input, height, width, channels, output, output_height, output_width);
        });
    }
    void merge_prompts(const float* scores, int64_t m, int64_t prompts, const int32_t* classes_of,
                       int64_t classes, float* output) override {
        on_device(index_,
                  [&] { cuda::merge_prompts(work_, scores, m, prompts, classes_of, classes, output); });
    }
    void label(const float* scores, int64_t height, int64_t width, int64_t classes, int64_t output_height,
               int64_t output_width, int32_t first_class, bool first, const LabelState& state) override {
        on_device(index_, [&] {
            cuda::label(work_, scores, height, width, classes, output_height, output_width, first_class,
                        first, state);
        });
    }
    void write_labels(const LabelState& state, int64_t pixels, bool one_class, void* labels,
                      lposs_dtype dtype, float* confidence) override {
        on_device(index_,
                  [&] { cuda::write_labels(work_, state, pixels, one_class, labels, dtype, confidence); });
    }
    void cut_windows(const uint8_t* image, int64_t, int64_t width, const std::vector<Window>& windows,
                     const float* mean, const float* std, int64_t batch_height, int64_t batch_width,
                     float* batch) override {
        on_device(index_, [&] {
            cuda::cut_windows(work_, image, width, windows, mean, std, batch_height, batch_width, batch);
        });
    }

    int64_t similarity_cost(int64_t n, int64_t d, int64_t) const override {
        return cuda::similarity_cost(n, d);
    }
    Cost patch_graph_cost(int64_t n, int64_t d, const lposs_patch_graph_options& options) const override {
        return cuda::patch_graph_cost(n, d, options);
    }
    Cost pixel_graph_cost(int64_t height, int64_t width, const lposs_pixel_graph_options&) const override {
        return cuda::pixel_graph_cost(height, width);
    }
    int64_t patch_propagate_cost(int64_t n, int64_t columns) const override {
        return cuda::patch_propagate_cost(n, columns);
    }
    int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius,
                                 int64_t columns) const override {
        return cuda::pixel_propagate_cost(height, width, radius, columns);
    }

private:
    int32_t index_;
    std::string name_, backend_;
    std::shared_ptr<DeviceStream> stream_;
    BlasHandle blas_;
    Workspace work_;
    Marks marks_;
};

} // namespace

std::unique_ptr<Backend> make_backend(const BackendOptions& options) {
    const cudaDeviceProp card = find_card(options.device_index);
    return on_device(options.device_index, [&]() -> std::unique_ptr<Backend> {
        return std::make_unique<CudaBackend>(options, card);
    });
}

} // namespace lposs::cuda

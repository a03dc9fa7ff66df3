// The CUDA backend: wires each operation of the interface to its file. Every call runs on the context's device and
// turns CUDA's failures into the core's (device_call.h).
#include "cuda/backend.h"

#include "cuda/graph/device_graph.h"
#include "cuda/runtime/device.h"
#include "cuda/runtime/device_call.h"
#include "cuda/runtime/device_memory.h"
#include "cuda/runtime/events.h"
#include "cuda/runtime/upload.h"

namespace lposs::cuda {
namespace {

cudaMemcpyKind copy_kind(lposs_memory target, lposs_memory source) {
    if (target == LPOSS_MEMORY_HOST) return source == LPOSS_MEMORY_HOST ? cudaMemcpyHostToHost : cudaMemcpyDeviceToHost;
    return source == LPOSS_MEMORY_HOST ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToDevice;
}

class CudaBackend final : public Backend {
public:
    CudaBackend(const BackendOptions& options, const cudaDeviceProp& device)
        : index_(options.device_index), name_(device.name),
          backend_("cuda sm_" + std::to_string(device.major) + std::to_string(device.minor)),
          stream_(std::make_shared<DeviceStream>(index_, options.stream)),
          work_{progress_, stream_, stream_->handle(),
                std::make_shared<MemoryPool>(
                    make_device_memory(stream_, options.has_allocator ? &options.allocator : nullptr),
                    options.memory_limit),
                static_cast<int64_t>(device.sharedMemPerBlockOptin)} {}

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
            if (kind == cudaMemcpyHostToDevice) return upload_bytes(work_, source, static_cast<int64_t>(bytes), target);
            GPU_CHECK(cudaMemcpyAsync(target, source, bytes, kind, work_.stream));
            if (kind != cudaMemcpyDeviceToDevice) GPU_CHECK(cudaStreamSynchronize(work_.stream));
        });
    }
    void synchronize() override {
        on_device(index_, [&] { GPU_CHECK(cudaStreamSynchronize(work_.stream)); });
    }

    int record_event() override {
        return on_device(index_, [&] { return events_.add(work_.stream); });
    }
    double milliseconds(int from, int to) override {
        return on_device(index_, [&] { return events_.milliseconds(from, to); });
    }
    void clear_events() override { events_.clear(); }

    void similarity(const SimilarityArguments& a) override {
        on_device(index_, [&] { cuda::similarity(work_, a); });
    }
    void knn(const KnnArguments& a) override {
        on_device(index_, [&] { cuda::knn(work_, a); });
    }
    std::unique_ptr<Graph> patch_graph(const PatchGraphArguments& a) override {
        return on_device(index_, [&] { return cuda::patch_graph(work_, a); });
    }
    std::unique_ptr<Graph> pixel_graph(const PixelGraphArguments& a) override {
        return on_device(index_, [&] { return cuda::pixel_graph(work_, a); });
    }
    std::unique_ptr<Graph> csr_graph(const CsrGraphArguments& a) override {
        return on_device(index_, [&] { return cuda::csr_graph(work_, a); });
    }
    void subtract_row_means(const RowMeansArguments& a) override {
        on_device(index_, [&] { cuda::subtract_row_means(work_, a); });
    }
    void propagate(const Graph& graph, const PropagateArguments& a) override {
        const auto& device_graph = static_cast<const DeviceGraph&>(graph);
        if (device_graph.device_index() != index_)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: lies on CUDA device %d, but the context is on device %d",
                 device_graph.device_index(), index_);
        on_device(index_, [&] { device_graph.propagate(work_, a); });
    }
    void rgb_to_lab(const LabArguments<uint8_t>& a) override {
        on_device(index_, [&] { cuda::rgb_to_lab(work_, a); });
    }
    void rgb_to_lab(const LabArguments<float>& a) override {
        on_device(index_, [&] { cuda::rgb_to_lab(work_, a); });
    }
    void stitch(const StitchArguments& a) override {
        on_device(index_, [&] { cuda::stitch(work_, a); });
    }
    void resize(const ResizeArguments& a) override {
        on_device(index_, [&] { cuda::resize(work_, a); });
    }
    void resize(const ResizeBytesArguments& a) override {
        on_device(index_, [&] { cuda::resize(work_, a); });
    }
    void gather_classes(const GatherClassesArguments& a) override {
        on_device(index_, [&] { cuda::gather_classes(work_, a); });
    }
    void merge_prompts(const MergePromptsArguments& a) override {
        on_device(index_, [&] { cuda::merge_prompts(work_, a); });
    }
    void argmax(const ArgmaxArguments& a) override {
        on_device(index_, [&] { cuda::argmax(work_, a); });
    }
    void write_labels(const WriteLabelsArguments& a) override {
        on_device(index_, [&] { cuda::write_labels(work_, a); });
    }
    void cut_windows(const CutWindowsArguments& a) override {
        on_device(index_, [&] { cuda::cut_windows(work_, a); });
    }

    int64_t similarity_cost(const SimilarityArguments& a) const override { return cuda::similarity_cost(a); }
    Cost patch_graph_cost(const PatchGraphArguments& a) const override { return cuda::patch_graph_cost(a); }
    Cost pixel_graph_cost(const PixelGraphArguments& a) const override { return cuda::pixel_graph_cost(a); }
    int64_t patch_propagate_cost(int64_t n, int64_t columns) const override {
        return cuda::patch_propagate_cost(n, columns);
    }
    int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns) const override {
        return cuda::pixel_propagate_cost(a, columns);
    }

private:
    int32_t index_;
    std::string name_, backend_;
    std::shared_ptr<DeviceStream> stream_;
    Workspace work_;
    Events events_;
};

} // namespace

std::unique_ptr<Backend> make_backend(const BackendOptions& options) {
    const cudaDeviceProp device = find_device(options.device_index);
    return on_device(options.device_index,
                     [&]() -> std::unique_ptr<Backend> { return std::make_unique<CudaBackend>(options, device); });
}

} // namespace lposs::cuda

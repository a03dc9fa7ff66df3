// The CPU backend: wires each operation of the interface to its file.
#include "cpu/graph/host_graph.h"
#include "cpu/runtime/system_memory.h"

#include "core/error.h"
#include "core/platform/platform.h"

#include <chrono>
#include <cstring>

namespace lposs::cpu {

namespace {

using Clock = std::chrono::steady_clock;

class CpuBackend final : public Backend {
public:
    explicit CpuBackend(const BackendOptions& options)
        : threads_(options.thread_count > 0 ? options.thread_count : platform::usable_processors(), progress_),
          work_{progress_, threads_,
                std::make_shared<MemoryPool>(options.has_allocator ? make_hooked_memory(options.allocator, nullptr)
                                                                   : make_system_memory(),
                                             options.memory_limit),
                kernels()} {}

    lposs_device device() const override { return LPOSS_DEVICE_CPU; }
    int32_t device_index() const override { return 0; }
    void* stream() const override { return nullptr; }
    BackendInfo info() const override {
        return {threads_.thread_count(), processor_name(), std::string("cpu ") + work_.kernels.name};
    }
    const std::shared_ptr<MemoryPool>& pool() const override { return work_.pool; }

    void copy(void* target, lposs_memory, const void* source, lposs_memory, size_t bytes) override {
        if (bytes > 0) std::memcpy(target, source, bytes);
    }
    void synchronize() override {}

    int record_event() override {
        events_.push_back(Clock::now());
        return static_cast<int>(events_.size()) - 1;
    }
    double milliseconds(int from, int to) override {
        const auto span = events_.at(static_cast<size_t>(to)) - events_.at(static_cast<size_t>(from));
        return std::chrono::duration<double, std::milli>(span).count();
    }
    void clear_events() override { events_.clear(); }

    void similarity(const SimilarityArguments& a) override { cpu::similarity(work_, a); }
    void knn(const KnnArguments& a) override { cpu::knn(work_, a); }
    std::unique_ptr<Graph> patch_graph(const PatchGraphArguments& a) override { return cpu::patch_graph(work_, a); }
    std::unique_ptr<Graph> pixel_graph(const PixelGraphArguments& a) override { return cpu::pixel_graph(work_, a); }
    std::unique_ptr<Graph> csr_graph(const CsrGraphArguments& a) override { return cpu::csr_graph(work_, a); }
    void subtract_row_means(const RowMeansArguments& a) override { cpu::subtract_row_means(work_, a); }
    void propagate(const Graph& graph, const PropagateArguments& a) override {
        SolveResult unwanted;
        static_cast<const HostGraph&>(graph).propagate(
            work_, {a.y, a.x, a.columns, a.options, a.result ? a.result : &unwanted});
    }
    void rgb_to_lab(const LabArguments<uint8_t>& a) override { cpu::rgb_to_lab(work_, a); }
    void rgb_to_lab(const LabArguments<float>& a) override { cpu::rgb_to_lab(work_, a); }
    void stitch(const StitchArguments& a) override { cpu::stitch(work_, a); }
    void resize(const ResizeArguments& a) override { cpu::resize(work_, a); }
    void resize(const ResizeBytesArguments& a) override { cpu::resize(work_, a); }
    void gather_classes(const GatherClassesArguments& a) override { cpu::gather_classes(work_, a); }
    void merge_prompts(const MergePromptsArguments& a) override { cpu::merge_prompts(work_, a); }
    void argmax(const ArgmaxArguments& a) override { cpu::argmax(work_, a); }
    void write_labels(const WriteLabelsArguments& a) override { cpu::write_labels(work_, a); }
    void cut_windows(const CutWindowsArguments& a) override { cpu::cut_windows(work_, a); }

    int64_t similarity_cost(const SimilarityArguments& a) const override { return cpu::similarity_cost(work_, a); }
    Cost patch_graph_cost(const PatchGraphArguments& a) const override { return cpu::patch_graph_cost(work_, a); }
    Cost pixel_graph_cost(const PixelGraphArguments& a) const override { return cpu::pixel_graph_cost(a); }
    int64_t patch_propagate_cost(int64_t n, int64_t columns) const override {
        return cpu::patch_propagate_cost(n, columns);
    }
    int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns) const override {
        return cpu::pixel_propagate_cost(a, columns);
    }

private:
    ThreadPool threads_;
    Workspace work_;
    std::vector<Clock::time_point> events_;
};

} // namespace

std::string processor_name() {
    return platform::processor_name();
}

std::unique_ptr<Backend> make_backend(const BackendOptions& options) {
    return std::make_unique<CpuBackend>(options);
}

} // namespace lposs::cpu

// The CPU backend: wires each operation of the interface to its file.
#include "cpu/cut_windows.h"
#include "cpu/knn.h"
#include "cpu/lab.h"
#include "cpu/labels.h"
#include "cpu/patch_graph.h"
#include "cpu/pixel_graph.h"
#include "cpu/processor.h"
#include "cpu/resample.h"
#include "cpu/row_means.h"
#include "cpu/similarity.h"
#include "cpu/sparse_graph.h"
#include "cpu/stitch.h"
#include "cpu/system_memory.h"

#include "error.h"

#include <chrono>
#include <cstring>

namespace lposs::cpu {

namespace {

using Clock = std::chrono::steady_clock;

class CpuBackend final : public Backend {
public:
    explicit CpuBackend(const BackendOptions& options)
        : threads_(options.thread_count > 0 ? options.thread_count : usable_processors()),
          work_{threads_,
                std::make_shared<MemoryPool>(options.has_allocator
                                                 ? make_hooked_memory(options.allocator, nullptr)
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

    int mark() override {
        marks_.push_back(Clock::now());
        return static_cast<int>(marks_.size()) - 1;
    }
    double milliseconds(int from, int to) override {
        const auto span = marks_.at(static_cast<size_t>(to)) - marks_.at(static_cast<size_t>(from));
        return std::chrono::duration<double, std::milli>(span).count();
    }
    void clear_marks() override { marks_.clear(); }

    void similarity(const float* features, int64_t n, int64_t d, const float* text, int64_t prompts,
                    float* scores) override {
        cpu::similarity(work_, features, n, d, text, prompts, scores);
    }
    void knn(const float* features, int64_t n, int64_t d, int64_t k, float* similarities,
             int32_t* indices) override {
        cpu::knn(work_, features, n, d, k, similarities, indices);
    }
    std::unique_ptr<Graph> patch_graph(const float* features, int64_t n, int64_t d, const float* centres,
                                       const lposs_patch_graph_options& options) override {
        return cpu::patch_graph(work_, features, n, d, centres, options);
    }
    std::unique_ptr<Graph> pixel_graph(const float* lab, int64_t height, int64_t width,
                                       const lposs_pixel_graph_options& options) override {
        return cpu::pixel_graph(work_, lab, height, width, options);
    }
    std::unique_ptr<Graph> csr_graph(int64_t n, const int64_t* row_offsets, const int32_t* columns,
                                     const float* weights) override {
        return cpu::csr_graph(work_, n, row_offsets, columns, weights);
    }
    void subtract_row_means(const float* y, int64_t m, int64_t columns, float* x) override {
        cpu::subtract_row_means(work_, y, m, columns, x);
    }
    void propagate(const Graph& graph, const float* y, int64_t columns, float* x,
                   const lposs_solver_options& options, SolveResult* result) override {
        SolveResult unwanted;
        SolveResult& solved = result ? *result : unwanted;
        if (const auto* sparse = dynamic_cast<const SparseGraph*>(&graph))
            cpu::propagate(work_, *sparse, y, columns, x, options, solved);
        else
            cpu::propagate(work_, dynamic_cast<const PixelGraph&>(graph), y, columns, x, options, solved);
    }
    void rgb_to_lab(const uint8_t* image, int64_t pixels, float* lab) override {
        cpu::rgb_to_lab(work_, image, pixels, lab);
    }
    void rgb_to_lab(const float* image, int64_t pixels, float* lab) override {
        cpu::rgb_to_lab(work_, image, pixels, lab);
    }
    void stitch(const float* patch_scores, int64_t prompts, const int32_t* columns, int64_t count,
                const std::vector<Window>& windows, int32_t patch_size, int64_t height, int64_t width,
                float* scores) override {
        cpu::stitch(work_, patch_scores, prompts, columns, count, windows, patch_size, height, width, scores);
    }
    void resize(const float* input, int64_t height, int64_t width, int64_t channels, float* output,
                int64_t output_height, int64_t output_width, int64_t output_channels,
                int64_t first_channel) override {
        cpu::resize(work_, input, height, width, channels, output, output_height, output_width,
                    output_channels, first_channel);
    }
    void resize(const uint8_t* input, int64_t height, int64_t width, int64_t channels, uint8_t* output,
                int64_t output_height, int64_t output_width) override {
        cpu::resize(work_, input, height, width, channels, output, output_height, output_width);
    }
    void merge_prompts(const float* scores, int64_t m, int64_t prompts, const int32_t* classes_of,
                       int64_t classes, float* output) override {
        cpu::merge_prompts(work_, scores, m, prompts, classes_of, classes, output);
    }
    void label(const float* scores, int64_t height, int64_t width, int64_t classes, int64_t output_height,
               int64_t output_width, int32_t first_class, bool first, const LabelState& state) override {
        cpu::label(work_, scores, height, width, classes, output_height, output_width, first_class, first,
                   state);
    }
    void write_labels(const LabelState& state, int64_t pixels, bool one_class, void* labels,
                      lposs_dtype dtype, float* confidence) override {
        cpu::write_labels(work_, state, pixels, one_class, labels, dtype, confidence);
    }
    void cut_windows(const uint8_t* image, int64_t, int64_t width, const std::vector<Window>& windows,
                     const float* mean, const float* std, int64_t batch_height, int64_t batch_width,
                     float* batch) override {
        cpu::cut_windows(work_, image, width, windows, mean, std, batch_height, batch_width, batch);
    }

    int64_t similarity_cost(int64_t, int64_t d, int64_t prompts) const override {
        return cpu::similarity_cost(work_, d, prompts);
    }
    Cost patch_graph_cost(int64_t n, int64_t d, const lposs_patch_graph_options& options) const override {
        return cpu::patch_graph_cost(work_, n, d, options);
    }
    Cost pixel_graph_cost(int64_t height, int64_t width,
                          const lposs_pixel_graph_options& options) const override {
        return cpu::pixel_graph_cost(height, width, options);
    }
    int64_t patch_propagate_cost(int64_t n, int64_t columns) const override {
        return sparse_propagate_cost(n, columns);
    }
    int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius,
                                 int64_t columns) const override {
        return cpu::pixel_propagate_cost(height, width, radius, columns);
    }

private:
    ThreadPool threads_;
    Workspace work_;
    std::vector<Clock::time_point> marks_;
};

} // namespace

std::unique_ptr<Backend> make_backend(const BackendOptions& options) {
    return std::make_unique<CpuBackend>(options);
}

} // namespace lposs::cpu

// What a backend can do. Two of them exist: cpu/ (in liblposs.so) and cuda/ (in liblposs_cuda.so, loaded when asked
// for); they mirror each other and never include each other.
//
// Arguments were checked by the C ABI layer. Pointers lie in the backend's own memory and are contiguous and row-major
// unless a name says `host`. Operations on CUDA are queued on the context's stream; host arguments are read before they
// return. Symbols: N patches, P prompts, C classes, D dimensions, H x W pixels, M nodes.
#pragma once

#include "core/memory_pool.h"
#include "core/operations/argmax.h"
#include "core/operations/csr_graph.h"
#include "core/operations/cut_windows.h"
#include "core/operations/gather_classes.h"
#include "core/operations/knn.h"
#include "core/operations/lab.h"
#include "core/operations/patch_graph.h"
#include "core/operations/pixel_graph.h"
#include "core/operations/propagate.h"
#include "core/operations/resize.h"
#include "core/operations/row_means.h"
#include "core/operations/similarity.h"
#include "core/operations/stitch.h"
#include "core/progress.h"
#include "lposs/lposs.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace lposs {

struct BackendInfo {
    int32_t thread_count = 1;
    std::string device_name; ///< processor or GPU
    std::string backend;     ///< "cpu avx512", "cuda sm_90"
};

class Backend {
public:
    virtual ~Backend() = default;

    /// Who is told how far a call is, and may end it. Operations poll it between strips of rows and steps.
    Progress& progress() { return progress_; }

    virtual lposs_device device() const = 0;
    virtual int32_t device_index() const = 0;
    virtual BackendInfo info() const = 0;
    virtual void* stream() const = 0; ///< a cudaStream_t; null on the CPU
    virtual const std::shared_ptr<MemoryPool>& pool() const = 0;

    /// Copies between host memory and the backend's; waits where one side is host memory of another device.
    virtual void copy(void* target, lposs_memory target_memory, const void* source, lposs_memory source_memory,
                      size_t bytes) = 0;
    virtual void synchronize() = 0;

    /// Records an event at this point of the stream; milliseconds between two events (waits for the later one).
    virtual int record_event() = 0;
    virtual double milliseconds(int from, int to) = 0;
    virtual void clear_events() = 0;

    // The operations: core/operations/ says what each computes.
    virtual void similarity(const SimilarityArguments& a) = 0;
    virtual void knn(const KnnArguments& a) = 0;
    virtual std::unique_ptr<Graph> patch_graph(const PatchGraphArguments& a) = 0;
    virtual std::unique_ptr<Graph> pixel_graph(const PixelGraphArguments& a) = 0;
    virtual std::unique_ptr<Graph> csr_graph(const CsrGraphArguments& a) = 0;
    virtual void subtract_row_means(const RowMeansArguments& a) = 0;
    virtual void propagate(const Graph& graph, const PropagateArguments& a) = 0; ///< a graph of this kind of backend
    virtual void rgb_to_lab(const LabArguments<uint8_t>& a) = 0;
    virtual void rgb_to_lab(const LabArguments<float>& a) = 0;
    virtual void stitch(const StitchArguments& a) = 0;
    virtual void resize(const ResizeArguments& a) = 0;
    virtual void resize(const ResizeBytesArguments& a) = 0;
    virtual void gather_classes(const GatherClassesArguments& a) = 0;
    virtual void merge_prompts(const MergePromptsArguments& a) = 0;
    virtual void argmax(const ArgmaxArguments& a) = 0;
    virtual void write_labels(const WriteLabelsArguments& a) = 0;
    virtual void cut_windows(const CutWindowsArguments& a) = 0;

    /// Upper bounds in bytes, for planning; pointers in arguments are not read. Of propagating: the scratch for so many
    /// columns.
    virtual int64_t similarity_cost(const SimilarityArguments& a) const = 0;
    virtual Cost patch_graph_cost(const PatchGraphArguments& a) const = 0;
    virtual Cost pixel_graph_cost(const PixelGraphArguments& a) const = 0;
    virtual int64_t patch_propagate_cost(int64_t n, int64_t columns) const = 0;
    virtual int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns) const = 0;

protected:
    Progress progress_;
};

/// What a backend is made from; the ABI's options, already checked.
struct BackendOptions {
    int32_t device_index = 0;
    int32_t thread_count = 0; ///< 0: one for each processor of this process
    int64_t memory_limit = 0; ///< 0: none
    void* stream = nullptr;   ///< null: the backend makes one
    bool has_allocator = false;
    lposs_allocator allocator{};
};

namespace cpu {
std::unique_ptr<Backend> make_backend(const BackendOptions& options);
std::string processor_name();
} // namespace cpu

} // namespace lposs

/// What liblposs_cuda.so exports. The number changes with anything in this header; both are printed on a mismatch.
#define LPOSS_BACKEND_ABI 4
extern "C" {
typedef int32_t lposs_backend_abi_function(void);
/// 0 and *backend, or a status and a text in `error`. The caller deletes the backend.
typedef lposs_status lposs_backend_create_function(const lposs::BackendOptions* options, lposs::Backend** backend,
                                                   char* error, size_t error_capacity);
/// Is there a device? As lposs_device_probe.
typedef lposs_status lposs_backend_probe_function(int32_t device_index, char* name, size_t name_capacity, char* error,
                                                  size_t error_capacity);
}
#define LPOSS_BACKEND_ABI_SYMBOL "lposs_backend_abi"
#define LPOSS_BACKEND_CREATE_SYMBOL "lposs_backend_create"
#define LPOSS_BACKEND_PROBE_SYMBOL "lposs_backend_probe"

// What a backend can do. Two of them exist: cpu/ (in liblposs.so) and cuda/ (in liblposs_cuda.so, loaded when
// asked for); they mirror each other and never include each other.
//
// Arguments were checked by the C ABI layer. Pointers lie in the backend's own memory and are contiguous and
// row-major unless a parameter says `host`. Operations on CUDA are queued on the context's stream; host
// arguments are read before they return. Symbols: N patches, P prompts, C classes, D dimensions, H x W
// pixels, M nodes.
#pragma once

#include "lposs/lposs.h"
#include "memory_pool.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lposs {

/// y1, y2, x1, x2 in pixels, end exclusive: one row of the ABI's `windows`.
struct Window {
    int32_t y1, y2, x1, x2;
    int64_t height() const { return y2 - y1; }
    int64_t width() const { return x2 - x1; }
};
static_assert(sizeof(Window) == 16);

/// S = D^-1/2 W D^-1/2 in whatever form the backend propagates over. Keeps its memory's pool alive.
class Graph {
public:
    virtual ~Graph() = default;
    virtual lposs_device device() const = 0;
    virtual int64_t node_count() const = 0;
    virtual int64_t edge_count() const = 0; ///< entries of W off the diagonal, both directions
    virtual int64_t memory() const = 0;     ///< bytes
};

/// What a solve did, per column (host memory).
struct SolveResult {
    std::vector<int32_t> steps;
    std::vector<float> residuals; ///< final |r| / |y|; 0 for a zero column
};

/// The running winner per output pixel while classes come in blocks, all [H' * W'].
struct LabelState {
    int32_t* label;
    float* best;
    float* second;
};

struct BackendInfo {
    int32_t thread_count = 1;
    std::string device_name; ///< processor or card
    std::string backend;     ///< "cpu avx512", "cuda sm_90"
};

class Backend {
public:
    virtual ~Backend() = default;

    virtual lposs_device device() const = 0;
    virtual int32_t device_index() const = 0;
    virtual BackendInfo info() const = 0;
    virtual void* stream() const = 0; ///< a cudaStream_t; null on the CPU
    virtual const std::shared_ptr<MemoryPool>& pool() const = 0;

    /// Copies between host memory and the backend's; waits where one side is host memory of another device.
    virtual void copy(void* target, lposs_memory target_memory, const void* source,
                      lposs_memory source_memory, size_t bytes) = 0;
    virtual void synchronize() = 0;

    /// Marks this point of the stream; milliseconds between two marks (waits for the later one).
    virtual int mark() = 0;
    virtual double milliseconds(int from, int to) = 0;
    virtual void clear_marks() = 0;

    /// scores [N,P] = unit rows of features [N,D] times text [P,D]^T.
    virtual void similarity(const float* features, int64_t n, int64_t d, const float* text, int64_t prompts,
                            float* scores) = 0;

    /// features [N,D] as they are -> similarities, indices [N,k], best first, ties to the lower index.
    virtual void knn(const float* features, int64_t n, int64_t d, int64_t k, float* similarities,
                     int32_t* indices) = 0;

    /// features [N,D], centres [N,2] (y, x).
    virtual std::unique_ptr<Graph> patch_graph(const float* features, int64_t n, int64_t d,
                                               const float* centres,
                                               const lposs_patch_graph_options& options) = 0;

    /// lab [H,W,3], as rgb_to_lab gives it (not yet divided).
    virtual std::unique_ptr<Graph> pixel_graph(const float* lab, int64_t height, int64_t width,
                                               const lposs_pixel_graph_options& options) = 0;

    /// host: row_offsets [N+1], columns, weights; symmetric, checked.
    virtual std::unique_ptr<Graph> csr_graph(int64_t n, const int64_t* host_row_offsets,
                                             const int32_t* host_columns, const float* host_weights) = 0;

    /// y [M,columns] -> x = y minus each row's mean; x may be y.
    virtual void subtract_row_means(const float* y, int64_t m, int64_t columns, float* x) = 0;

    /// y [M,columns] -> x [M,columns]; x may be y. result may be null (no wait on CUDA). The option
    /// subtract_class_mean is the caller's business, by the operation above.
    virtual void propagate(const Graph& graph, const float* y, int64_t columns, float* x,
                           const lposs_solver_options& options, SolveResult* result) = 0;

    /// image [H,W,3] uint8 or float32 in [0,1] -> lab [H,W,3].
    virtual void rgb_to_lab(const uint8_t* image, int64_t pixels, float* lab) = 0;
    virtual void rgb_to_lab(const float* image, int64_t pixels, float* lab) = 0;

    /// patch_scores [N,P] -> scores [H,W,count] of the prompts host_columns[0..count).
    virtual void stitch(const float* patch_scores, int64_t prompts, const int32_t* host_columns,
                        int64_t count, const std::vector<Window>& windows, int32_t patch_size, int64_t height,
                        int64_t width, float* scores) = 0;

    /// input [H,W,C] -> channels first_channel.. of output [H',W',output_channels]; bilinear, half-pixel
    /// centres.
    virtual void resize(const float* input, int64_t height, int64_t width, int64_t channels, float* output,
                        int64_t output_height, int64_t output_width, int64_t output_channels,
                        int64_t first_channel) = 0;
    virtual void resize(const uint8_t* input, int64_t height, int64_t width, int64_t channels,
                        uint8_t* output, int64_t output_height, int64_t output_width) = 0;

    /// scores [M,P] -> output [M,C]: maximum over the prompts of a class; host_classes [P].
    virtual void merge_prompts(const float* scores, int64_t m, int64_t prompts, const int32_t* host_classes,
                               int64_t classes, float* output) = 0;

    /// Resizes scores [H,W,C] to H' x W' and lets classes first_class.. compete with the state; `first`: the
    /// state is empty and is written without being read.
    virtual void label(const float* scores, int64_t height, int64_t width, int64_t classes,
                       int64_t output_height, int64_t output_width, int32_t first_class, bool first,
                       const LabelState& state) = 0;

    /// The state's winners as uint8, uint16 or int32, and best - second (0 for one class); confidence may be
    /// null.
    virtual void write_labels(const LabelState& state, int64_t pixels, bool one_class, void* labels,
                              lposs_dtype dtype, float* confidence) = 0;

    /// image [H,W,3] -> batch [n,3,h,w], zeros beyond a window; host: mean, std [3].
    virtual void cut_windows(const uint8_t* image, int64_t height, int64_t width,
                             const std::vector<Window>& windows, const float* host_mean,
                             const float* host_std, int64_t batch_height, int64_t batch_width,
                             float* batch) = 0;

    /// Upper bounds in bytes for planning: what the graph keeps, and the most that making it or one
    /// propagation of `columns` columns over it takes beside that and beside the caller's arrays.
    struct Cost {
        int64_t kept = 0;
        int64_t scratch = 0;
    };
    virtual int64_t similarity_cost(int64_t n, int64_t d, int64_t prompts) const = 0;
    virtual Cost patch_graph_cost(int64_t n, int64_t d, const lposs_patch_graph_options& options) const = 0;
    virtual Cost pixel_graph_cost(int64_t height, int64_t width,
                                  const lposs_pixel_graph_options& options) const = 0;
    virtual int64_t patch_propagate_cost(int64_t n, int64_t columns) const = 0;
    virtual int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius,
                                         int64_t columns) const = 0;
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

/// What liblposs_cuda.so exports. The number changes with anything in this header; both are printed on a
/// mismatch.
#define LPOSS_BACKEND_ABI 2
extern "C" {
typedef int32_t lposs_backend_abi_function(void);
/// 0 and *backend, or a status and a text in `error`. The caller deletes the backend.
typedef lposs_status lposs_backend_create_function(const lposs::BackendOptions* options,
                                                   lposs::Backend** backend, char* error,
                                                   size_t error_capacity);
/// Is there a device? As lposs_device_probe.
typedef lposs_status lposs_backend_probe_function(int32_t device_index, char* name, size_t name_capacity,
                                                  char* error, size_t error_capacity);
}
#define LPOSS_BACKEND_ABI_SYMBOL "lposs_backend_abi"
#define LPOSS_BACKEND_CREATE_SYMBOL "lposs_backend_create"
#define LPOSS_BACKEND_PROBE_SYMBOL "lposs_backend_probe"

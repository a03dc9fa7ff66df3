/*
 * lposs.h: open-vocabulary semantic segmentation without training, the core.
 *
 * LPOSS makes per-patch scores of a vision-language model agree by label propagation over a graph of patches; LPOSS+
 * does the same over pixels, so that boundaries become sharp. (Stojnic, Kalantidis, Matas, Tolias: "LPOSS: Label
 * Propagation Over Patches and Pixels for Open-vocabulary Semantic Segmentation", CVPR 2025, arXiv 2503.19777.) This
 * library is the mathematics between the encoders and the label map. It knows nothing of files, image formats or
 * models, and it depends on nothing that a caller can see.
 *
 * Usage, the shortest way (error checks left out):
 *
 *     lposs_context* context;
 *     lposs_context_create(NULL, &context);                    // the CPU, all its threads
 *
 *     lposs_segment_inputs in;   lposs_segment_inputs_init(&in);
 *     in.image   = ...;                                        // the image [H,W,3], 8 bits
 *     in.windows = ...;                                        // where the encoders looked [n,4]
 *     in.vlm = ...; in.vm = ...; in.text = ...;                // what they said
 *     lposs_segment_outputs out; lposs_segment_outputs_init(&out);
 *     out.labels = ...;                                        // the label map [H',W']
 *     lposs_image_segment(context, &in, NULL, &out, NULL);           // NULL options: the paper's
 *     lposs_context_destroy(context);
 *
 * The parts of this manual, from simple to advanced:
 *   1 Version, status, errors       4 Segmenting, refining          7 Windows and encoder inputs
 *   2 Tensors                       5 Graphs                       8 Building blocks
 *   3 Contexts                      6 Propagation                  9 Device memory and DLPack
 *
 * Rules that hold for every function
 *   - It returns LPOSS_OK (0) or a status from the list below, and then lposs_last_error() holds a text for the
 *     calling thread. Where an argument is at fault the text begins with its name and a colon ("inputs.vm: ") and
 *     says what it was and what it may be. On failure the outputs hold nothing of use. No exception, signal, exit
 *     or print crosses this border.
 *   - Buffers are the caller's, row-major and contiguous. Outputs must not overlap inputs unless it says so.
 *   - Structs begin with struct_size; fill them by their _init function (NULL is accepted), then change what differs.
 *     A NULL options pointer means the defaults, which are the paper's.
 *   - Values in host memory are checked: NaN and infinity are refused, and of scores that are solved for (y of
 *     propagate, scores of refine) magnitudes above 1e16. Values in device memory are not inspected (that would need
 *     a synchronisation): a solve that does not stay finite is LPOSS_ERROR_NOT_FINITE on the CPU and wherever a
 *     report is asked for, and no label is ever outside the classes.
 *   - The same input, backend, device and options give the same bits, whatever the number of threads.
 *   - A context serves one call at a time: a call while another thread's is running returns LPOSS_ERROR_BUSY.
 *     Different contexts run side by side. Graphs are immutable and may be used from several contexts of the same
 *     device at once.
 *   - After fork() the child must not use the parent's contexts: their threads and their CUDA device stay behind.
 *     Make contexts after the fork.
 *
 * Compatibility
 *   Sections 1 to 6 are the stable part: from 0.2 on, functions, values and fields are added, none is changed or taken
 *   away within a major version. Sections 7 to 9 are the advanced part, for those who build a pipeline of their own; a
 *   minor version may change them, and CHANGELOG.md says so. What came after 0.2.0 says "since".
 *
 *   struct_size lets structs grow. A caller that was compiled with an older header passes a smaller struct; the fields
 *   that it lacks have their defaults, and of an output only what it has room for is written. A caller with a newer
 *   header passes a larger one, which is taken if all that this library does not know is zero and refused if not.
 *   Structs that lie inside of others (lposs_tensor, the options of graphs and solver, lposs_solve_report) keep their
 *   size; the others of them have reserved fields, which must be 0.
 *
 * Streams (CUDA)
 *   All work of a context goes to its stream. Inputs in device memory must be ready in the order of that stream: write
 *   them on it, or let it wait for an event of the stream that does. Outputs in device memory are ready in that order
 *   too; a call may return before they are. cudaStreamLegacy and cudaStreamPerThread may be passed.
 */
#ifndef LPOSS_LPOSS_H
#define LPOSS_LPOSS_H

#include <stddef.h>
#include <stdint.h>

/* LPOSS_STATIC is defined by those who link to the static library; its CMake package and lposs.pc do it. */
#if defined(LPOSS_STATIC)
#define LPOSS_API
#elif defined(_WIN32) && defined(LPOSS_BUILDING)
#define LPOSS_API __declspec(dllexport)
#elif defined(_WIN32)
#define LPOSS_API __declspec(dllimport)
#elif defined(__GNUC__) || defined(__clang__)
#define LPOSS_API __attribute__((visibility("default")))
#else
#define LPOSS_API
#endif

/* On what a later version will take away; define LPOSS_NO_DEPRECATION_WARNINGS to be told nothing. */
#if defined(LPOSS_NO_DEPRECATION_WARNINGS)
#define LPOSS_DEPRECATED(instead)
#elif defined(__GNUC__) || defined(__clang__)
#define LPOSS_DEPRECATED(instead) __attribute__((deprecated(instead)))
#elif defined(_MSC_VER)
#define LPOSS_DEPRECATED(instead) __declspec(deprecated(instead))
#else
#define LPOSS_DEPRECATED(instead)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------------------
 * 1 Version, status, errors
 */

#define LPOSS_VERSION_MAJOR 0
#define LPOSS_VERSION_MINOR 2
#define LPOSS_VERSION_PATCH 0

/* major * 1,000,000 + minor * 1,000 + patch: of this header, for #if ... */
#define LPOSS_VERSION (LPOSS_VERSION_MAJOR * 1000000 + LPOSS_VERSION_MINOR * 1000 + LPOSS_VERSION_PATCH)

/* ... and of the library that was loaded. */
LPOSS_API int32_t lposs_version(void);

/* "0.2.0"; static, never NULL. */
LPOSS_API const char* lposs_version_string(void);

typedef int32_t lposs_status;
enum {
    LPOSS_OK = 0,
    LPOSS_ERROR_INVALID_ARGUMENT = 1,    /* a NULL, a size, a range, a shape, an enum value */
    LPOSS_ERROR_NOT_FINITE = 2,          /* NaN, infinity or a huge value in a buffer, or a solve that ended in one */
    LPOSS_ERROR_OUT_OF_MEMORY = 3,       /* the system or the device had no more */
    LPOSS_ERROR_MEMORY_LIMIT = 4,        /* more than lposs_context_options.memory_limit would be needed */
    LPOSS_ERROR_BACKEND_UNAVAILABLE = 5, /* no such device, driver or backend library; the text says which */
    LPOSS_ERROR_DEVICE = 6,              /* the device reported a failure */
    LPOSS_ERROR_UNSUPPORTED = 7,         /* valid, but this build or backend cannot do it */
    LPOSS_ERROR_INTERNAL = 8,            /* a fault of this library: please report it */
    LPOSS_ERROR_CANCELLED = 9,           /* the progress callback asked to stop */
    LPOSS_ERROR_BUSY = 10                /* another thread's call on this context is not over yet */
};

/* "LPOSS_ERROR_..." for a status; static; "unknown status" for a number that is none. */
LPOSS_API const char* lposs_status_name(lposs_status status);

/* The text of this thread's last call if it failed, else ""; valid until this thread's next call. Never NULL. */
LPOSS_API const char* lposs_last_error(void);

/* ------------------------------------------------------------------------------------------------------------
 * 2 Tensors
 */

typedef int32_t lposs_dtype;
enum { LPOSS_FLOAT32 = 1, LPOSS_UINT8 = 2, LPOSS_UINT16 = 3, LPOSS_INT32 = 4, LPOSS_INT64 = 5 };

typedef int32_t lposs_memory;
enum {
    LPOSS_MEMORY_HOST = 0, /* ordinary memory of the process */
    LPOSS_MEMORY_CUDA = 1  /* memory of the context's CUDA device */
};

/* A view of the caller's buffer: row-major, contiguous, 1 to 4 dimensions. The library never owns or frees it. */
typedef struct lposs_tensor {
    uint32_t struct_size; /* sizeof(lposs_tensor) */
    lposs_dtype dtype;
    lposs_memory memory;
    int32_t ndim;     /* 1 to 4; 0 with data == NULL: an optional tensor that is not given */
    int64_t shape[4]; /* elements per dimension, the first ndim count */
    void* data;       /* may be NULL when some dimension is 0 */
} lposs_tensor;

/* An empty tensor: not given. */
LPOSS_API void lposs_tensor_init(lposs_tensor* tensor);

/* ------------------------------------------------------------------------------------------------------------
 * 3 Contexts
 */

typedef int32_t lposs_device;
enum { LPOSS_DEVICE_CPU = 0, LPOSS_DEVICE_CUDA = 1 };

/* Where a context takes its memory from, if not from the system. Called from one thread at a time per context.
 * `allocate` returns NULL for failure, else memory of the context's kind, aligned to 256 bytes, usable on `stream`
 * (NULL on the CPU). `release` gets what `allocate` returned and its size; on CUDA, work that was given to `stream`
 * before may still use the block, so it may be used again in the order of that stream only (as by cudaFreeAsync). */
typedef struct lposs_allocator {
    uint32_t struct_size; /* sizeof(lposs_allocator) */
    void* user;
    void* (*allocate)(void* user, size_t bytes, void* stream);
    void (*release)(void* user, void* pointer, size_t bytes, void* stream);
} lposs_allocator;

typedef struct lposs_context_options {
    uint32_t struct_size; /* sizeof(lposs_context_options) */
    lposs_device device;  /* default LPOSS_DEVICE_CPU */
    int32_t device_index; /* which CUDA device, from 0; must be 0 on the CPU */
    int32_t thread_count; /* CPU threads, 1 to 1024; 0 (default): one for each processor this process may use */
    int64_t memory_limit; /* bytes that graphs, scratch and lists of classes may take together; 0: no limit */
    void* stream;         /* a cudaStream_t to work on; NULL (default): the context makes one of its own */
    const lposs_allocator* allocator; /* copied; NULL (default): the system's */
} lposs_context_options;

LPOSS_API void lposs_allocator_init(lposs_allocator* allocator);
LPOSS_API void lposs_context_options_init(lposs_context_options* options);

/* One device, one stream, its threads and scratch memory. Scratch is kept between calls and freed with the context. */
typedef struct lposs_context lposs_context;

/* On success *context is a new context to be destroyed by the caller; on failure it is NULL.
 * options may be NULL. A CUDA context needs liblposs_cuda.so beside this library (or at LPOSS_CUDA_LIBRARY) and a
 * driver: LPOSS_ERROR_BACKEND_UNAVAILABLE names what is missing. There is no silent change of device. */
LPOSS_API lposs_status lposs_context_create(const lposs_context_options* options, lposs_context** context);

/* Waits for pending work, then frees. NULL is accepted. Graphs made by the context stay valid. */
LPOSS_API void lposs_context_destroy(lposs_context* context);

/* Returns when all work that was given to the context is done. At once on the CPU. */
LPOSS_API lposs_status lposs_context_synchronize(lposs_context* context);

/* *stream: the cudaStream_t that the context works on, its own or the caller's, for others whose work is to come before
 * or after the context's; its own lives as long as the context. NULL on the CPU. */
LPOSS_API lposs_status lposs_context_get_stream(lposs_context* context, void** stream);

typedef struct lposs_context_info {
    uint32_t struct_size; /* sizeof(lposs_context_info) */
    lposs_device device;
    int32_t device_index;
    int32_t thread_count;  /* threads really used; 1 for CUDA */
    int64_t memory_in_use; /* bytes of graphs and scratch at this moment */
    int64_t memory_peak;   /* the most there has been since the context was made or lposs_context_reset_memory_peak */
    char device_name[128]; /* processor or GPU */
    char backend[64];      /* "cpu avx512", "cpu neon", "cpu portable", "cuda sm_90" */
} lposs_context_info;

LPOSS_API void lposs_context_info_init(lposs_context_info* info);
LPOSS_API lposs_status lposs_context_get_info(lposs_context* context, lposs_context_info* info);

LPOSS_API lposs_status lposs_context_reset_memory_peak(lposs_context* context);

/* Progress and cancellation */

typedef int32_t lposs_stage;
enum {
    LPOSS_STAGE_PREPARE = 0, /* checks, copies, similarity */
    LPOSS_STAGE_PATCH_GRAPH = 1,
    LPOSS_STAGE_PATCH_SOLVE = 2,
    LPOSS_STAGE_PIXEL_GRAPH = 3,
    LPOSS_STAGE_PIXEL_SOLVE = 4,
    LPOSS_STAGE_FINISH = 5 /* resize, argmax, copies */
};

/* Told how far a call is: the stage, and the fraction of the whole call that is done, 0 to 1, never less than before.
 * Called on the thread that made the call, every 20 ms or so, between strips of rows and steps of the solver. It must
 * not call the same context. 0: go on; anything else: the call stops and returns LPOSS_ERROR_CANCELLED, its outputs
 * hold nothing of use, and the context can be used as before. */
typedef int32_t (*lposs_progress_callback)(void* user, lposs_stage stage, double fraction);

/* From now on the context's calls report to `callback`; NULL: to nobody. */
LPOSS_API lposs_status lposs_context_set_progress(lposs_context* context, lposs_progress_callback callback, void* user);

/* ------------------------------------------------------------------------------------------------------------
 * 4 Segmenting one image, refining
 *
 * N patches of all windows together, P prompts, C classes, Dv and Dm feature dimensions, H x W the image that the
 * encoders saw (model input), H' x W' the size asked for.
 */

typedef int32_t lposs_mode;
enum {
    LPOSS_MODE_VLM = 0,       /* the vision-language model's own scores, stitched */
    LPOSS_MODE_LPOSS = 1,     /* propagated over patches */
    LPOSS_MODE_LPOSS_PLUS = 2 /* and over pixels */
};

/* The patch graph (paper, section 3.2): A_ij = max(<f_i, f_j>, 0)^gamma * exp(-sigma * dist_ij^distance_power) for
 * the k nearest j of i by inner product of unit features, i itself counted; W = A + A^T, zero diagonal. */
typedef struct lposs_patch_graph_options {
    uint32_t struct_size; /* sizeof(lposs_patch_graph_options) */
    int32_t k;            /* 1 or more; N where k > N; default 400 */
    float gamma;          /* > 0; default 3 */
    float sigma;          /* >= 0, per pixel^distance_power; default 0.01 */
    float distance_power; /* p in the paper, > 0; default 1 */
    int32_t centre;       /* 1: unit features minus their mean over the patches, made unit again; default 0 */
    uint32_t reserved[4]; /* 0 */
} lposs_patch_graph_options;

/* The pixel graph (section 3.3): W_ij = exp(-|dLab| / tau) for the (2 radius + 1)^2 window around i without i;
 * Lab divided by (100, 128, 128). */
typedef struct lposs_pixel_graph_options {
    uint32_t struct_size; /* sizeof(lposs_pixel_graph_options) */
    float tau;            /* > 0; default 0.01 */
    int32_t radius;       /* 1 to 15 pixels; default 6 */
    uint32_t reserved[5]; /* 0 */
} lposs_pixel_graph_options;

/* The solve: X = (I - alpha S)^-1 Y by conjugate gradients from zero. A column stops after max_steps or as soon as
 * |r| <= tolerance |y|; a zero column stays zero. */
typedef struct lposs_solver_options {
    uint32_t struct_size;        /* sizeof(lposs_solver_options) */
    float alpha;                 /* 0 <= alpha < 1; default 0.95 */
    float tolerance;             /* >= 0; default 1e-6 */
    int32_t max_steps;           /* 1 to 10,000; default 10 */
    int32_t subtract_class_mean; /* 1: each node's mean over its columns is subtracted from Y first; default 0.
                                    The part that all classes share converges slowest and decides nothing. */
    uint32_t reserved[5];        /* 0 */
} lposs_solver_options;

LPOSS_API void lposs_patch_graph_options_init(lposs_patch_graph_options* options);
LPOSS_API void lposs_pixel_graph_options_init(lposs_pixel_graph_options* options);
LPOSS_API void lposs_solver_options_init(lposs_solver_options* options);

/* One parameter of the three structs above, for programs with settings, help or sliders of their own. */
typedef struct lposs_option_info {
    uint32_t struct_size; /* sizeof(lposs_option_info) */
    int32_t is_integer;   /* 1: int32_t; 0: float */
    const char* name;     /* "patch_graph.k", "pixel_graph.tau", "solver.alpha"; never freed */
    double standard;      /* the default, which is the paper's */
    double minimum;       /* it may be from minimum to maximum; -infinity and infinity: no bound */
    double maximum;
    int32_t excludes_minimum; /* 1: above minimum */
    int32_t excludes_maximum; /* 1: below maximum */
} lposs_option_info;

LPOSS_API void lposs_option_info_init(lposs_option_info* info);

/* *count: how many parameters there are. */
LPOSS_API lposs_status lposs_option_count(int32_t* count);

/* The parameter of this index, 0 to count - 1, in the order of the structs and their fields. */
LPOSS_API lposs_status lposs_option_get_info(int32_t index, lposs_option_info* info);

typedef struct lposs_segment_inputs {
    uint32_t struct_size;        /* sizeof(lposs_segment_inputs) */
    int32_t patch_size;          /* of the grid that vm and vlm lie on, in pixels of the image, 1 to 256; default 16 */
    lposs_tensor image;          /* [H,W,3] uint8, sRGB; may be left out in modes other than LPOSS_PLUS if both outputs
                               have the size that `windows` span */
    lposs_tensor windows;        /* [n,4] int32, host: y1, y2, x1, x2 of each window, end exclusive; together they cover
                               the image; see lposs_windows_fill */
    lposs_tensor vlm;            /* [N,Dv] float32: patch features in the joint space, window after window, row by row;
                               need not be unit */
    lposs_tensor vm;             /* [N,Dm] float32: patch features of the vision model; left out in mode VLM */
    lposs_tensor text;           /* [P,Dv] float32: prompt embeddings, unit rows */
    lposs_tensor prompt_classes; /* [P] int32, host: the class of each prompt, 0 to C-1, every class at least once;
                               left out: prompt p is class p */
} lposs_segment_inputs;

typedef struct lposs_segment_options {
    uint32_t struct_size; /* sizeof(lposs_segment_options) */
    lposs_mode mode;      /* default LPOSS_MODE_LPOSS_PLUS */
    lposs_patch_graph_options patch_graph;
    lposs_pixel_graph_options pixel_graph;
    lposs_solver_options patch_solver;
    lposs_solver_options pixel_solver;
} lposs_segment_options;

/* What is not wanted is left out; labels or scores must be given. All that are given have the same H' and W'. */
typedef struct lposs_segment_outputs {
    uint32_t struct_size; /* sizeof(lposs_segment_outputs) */
    lposs_tensor labels;  /* [H',W'] uint8, uint16 or int32: the class with the largest score, ties to the lower */
    /* [H',W'] float32, with labels only: largest score minus second largest; 0 for one class */
    lposs_tensor confidence;
    lposs_tensor scores; /* [H',W',C] float32: the scores themselves, on no absolute scale */
} lposs_segment_outputs;

typedef struct lposs_solve_report {
    uint32_t struct_size;    /* sizeof(lposs_solve_report) */
    int32_t column_capacity; /* set by the caller: elements of the two arrays; the first ones are filled */
    int32_t* steps;          /* caller's, host, or NULL: steps taken per column */
    float* residuals;        /* caller's, host, or NULL: final |r| / |y| per column, by the solver's recurrence */
    int32_t column_count;    /* columns of the solve */
    int32_t converged;       /* columns that reached the tolerance */
    float largest_residual;
    uint32_t reserved;
    double milliseconds; /* of the solve */
    uint64_t reserved_2[2];
} lposs_solve_report;

typedef struct lposs_segment_report {
    uint32_t struct_size; /* sizeof(lposs_segment_report) */
    uint32_t reserved;
    lposs_solve_report patch; /* columns: prompts */
    lposs_solve_report pixel; /* columns: prompts */
    double similarity_ms;     /* milliseconds per stage; 0 for a stage that the mode has not */
    double patch_graph_ms;
    double patch_solve_ms;
    double stitch_ms;
    double pixel_graph_ms;
    double pixel_solve_ms;
    double label_ms; /* merge of prompts, resize, argmax */
    double total_ms;
} lposs_segment_report;

LPOSS_API void lposs_segment_inputs_init(lposs_segment_inputs* inputs);
LPOSS_API void lposs_segment_options_init(lposs_segment_options* options);
LPOSS_API void lposs_segment_outputs_init(lposs_segment_outputs* outputs);
LPOSS_API void lposs_solve_report_init(lposs_solve_report* report);
LPOSS_API void lposs_segment_report_init(lposs_segment_report* report);

/* The whole method on one image, from encoder outputs to labels: similarity, patch graph, propagation, stitch,
 * pixel graph, propagation, maximum over the prompts of a class, resize, argmax. Classes run in blocks where they
 * would not fit the context's memory limit together. report may be NULL; asking for it on CUDA waits for the result. */
LPOSS_API lposs_status lposs_image_segment(lposs_context* context, const lposs_segment_inputs* inputs,
                                           const lposs_segment_options* options, const lposs_segment_outputs* outputs,
                                           lposs_segment_report* report);

/* *bytes: the most memory that lposs_image_segment with these arguments takes beside the caller's buffers. Reads shapes
 * and options only, no data. With a memory limit: what it takes under that limit, or LPOSS_ERROR_MEMORY_LIMIT with
 * both numbers in the text. */
LPOSS_API lposs_status lposs_segment_get_memory(lposs_context* context, const lposs_segment_inputs* inputs,
                                                const lposs_segment_options* options,
                                                const lposs_segment_outputs* outputs, int64_t* bytes);

/* Refining: the pixel step alone, on the scores or the coarse labels of any model. */
typedef struct lposs_refine_options {
    uint32_t struct_size; /* sizeof(lposs_refine_options) */
    lposs_pixel_graph_options graph;
    lposs_solver_options solver;
    uint32_t reserved; /* 0 */
} lposs_refine_options;

/* One of scores and labels, in host memory or the device's; of another size than the image, their scores are resized
 * to it. */
typedef struct lposs_refine_inputs {
    uint32_t struct_size; /* sizeof(lposs_refine_inputs) */
    int32_t classes;      /* C, with labels */
    int32_t ignore;       /* with labels: a pixel with this label says nothing; default 255 */
    uint32_t reserved;
    lposs_tensor image;  /* [H,W,3] uint8, sRGB */
    lposs_tensor scores; /* [h,w,C] float32 */
    lposs_tensor labels; /* [h,w] uint8, uint16 or int32: 0 to C-1 or `ignore` */
} lposs_refine_inputs;

LPOSS_API void lposs_refine_options_init(lposs_refine_options* options);
LPOSS_API void lposs_refine_inputs_init(lposs_refine_inputs* inputs);

/* Scores or labels -> sharp labels and scores at any size, classes in blocks under the memory limit. Of the report,
 * pixel, pixel_graph_ms, pixel_solve_ms, stitch_ms (reading the source), label_ms and total_ms are filled. */
LPOSS_API lposs_status lposs_image_refine(lposs_context* context, const lposs_refine_inputs* inputs,
                                          const lposs_refine_options* options, const lposs_segment_outputs* outputs,
                                          lposs_segment_report* report);

/* As lposs_segment_get_memory. */
LPOSS_API lposs_status lposs_refine_get_memory(lposs_context* context, const lposs_refine_inputs* inputs,
                                               const lposs_refine_options* options,
                                               const lposs_segment_outputs* outputs, int64_t* bytes);

/* ------------------------------------------------------------------------------------------------------------
 * 5 Graphs
 */

/* A normalised graph S = D^-1/2 W D^-1/2 (a node without edges has an empty row), ready for propagation. Immutable;
 * outlives its context. */
typedef struct lposs_graph lposs_graph;

/* features [N,D] float32, need not be unit; centres [N,2] float32, (y, x) in pixels. On success *graph is a new
 * graph to be destroyed by the caller; on failure it is NULL. */
LPOSS_API lposs_status lposs_graph_create_from_patches(lposs_context* context, const lposs_tensor* features,
                                                       const lposs_tensor* centres,
                                                       const lposs_patch_graph_options* options, lposs_graph** graph);

/* image [H,W,3] uint8 (0 to 255) or float32 (0 to 1), sRGB. N = H * W nodes, row by row. The graph is a stencil: it
 * holds half of the weights at most, never an index. */
LPOSS_API lposs_status lposs_graph_create_from_image(lposs_context* context, const lposs_tensor* image,
                                                     const lposs_pixel_graph_options* options, lposs_graph** graph);

/* The caller's own W: row_offsets [N+1] int64, columns [E] int32 ascending within a row, weights [E] float32 >= 0;
 * host memory. W must be symmetric (pattern and bits); its diagonal is ignored. */
LPOSS_API lposs_status lposs_graph_create_from_csr(lposs_context* context, const lposs_tensor* row_offsets,
                                                   const lposs_tensor* columns, const lposs_tensor* weights,
                                                   lposs_graph** graph);

/* NULL is accepted. */
LPOSS_API void lposs_graph_destroy(lposs_graph* graph);

typedef struct lposs_graph_info {
    uint32_t struct_size; /* sizeof(lposs_graph_info) */
    lposs_device device;
    int64_t node_count;
    int64_t edge_count; /* entries of W off the diagonal, both directions counted */
    int64_t memory;     /* bytes */
} lposs_graph_info;

LPOSS_API void lposs_graph_info_init(lposs_graph_info* info);
LPOSS_API lposs_status lposs_graph_get_info(const lposs_graph* graph, lposs_graph_info* info);

/* ------------------------------------------------------------------------------------------------------------
 * 6 Propagation
 */

/* y [N,C] float32 -> x [N,C] float32; x may be y. Any graph. report may be NULL; asking for it on CUDA waits. */
LPOSS_API lposs_status lposs_graph_propagate(lposs_context* context, const lposs_graph* graph, const lposs_tensor* y,
                                             const lposs_solver_options* options, const lposs_tensor* x,
                                             lposs_solve_report* report);

/* ------------------------------------------------------------------------------------------------------------
 * 7 Windows and encoder inputs
 */

/* How many windows lposs_windows_fill gives: height, width, window, stride in pixels, all >= 1. */
LPOSS_API lposs_status lposs_windows_count(int64_t height, int64_t width, int64_t window, int64_t stride,
                                           int64_t* count);

/* windows [count,4] int32, host: y1, y2, x1, x2, row by row; the last of a row or column is pushed back inside; a
 * image smaller than the window gives windows of its own size. */
LPOSS_API lposs_status lposs_windows_fill(int64_t height, int64_t width, int64_t window, int64_t stride,
                                          const lposs_tensor* windows);

/* Patches of all windows together: each has ceil(h / patch) * ceil(w / patch). windows as above. */
LPOSS_API lposs_status lposs_patches_count(const lposs_tensor* windows, int32_t patch_size, int64_t* count);

/* centres [N,2] float32, host: (y, x) = window origin + floor(patch / 2) + patch * index, in pixels. */
LPOSS_API lposs_status lposs_patches_get_centres(const lposs_tensor* windows, int32_t patch_size,
                                                 const lposs_tensor* centres);

/* What the encoders take: batch [n,3,h,w] float32 = (image / 255 - mean) / std of each window, channels first. h and
 * w are at least every window's size; beyond a window lie zeros (of the normalised image). image [H,W,3] uint8;
 * windows [n,4] int32, host; mean and std: 3 numbers each, in units of [0,1], std > 0. */
LPOSS_API lposs_status lposs_windows_cut(lposs_context* context, const lposs_tensor* image, const lposs_tensor* windows,
                                         const float* mean, const float* std, const lposs_tensor* batch);

/* ------------------------------------------------------------------------------------------------------------
 * 8 Building blocks
 */

/* scores [N,P] = unit rows of features [N,D] times text [P,D]^T; a zero row gives zeros. */
LPOSS_API lposs_status lposs_similarity_compute(lposs_context* context, const lposs_tensor* features,
                                                const lposs_tensor* text, const lposs_tensor* scores);

/* Exact nearest neighbours by inner product of features [N,D] as they are (no normalisation), the point itself
 * included: similarities [N,k] float32, best first, and indices [N,k] int32; ties to the lower index; 1 <= k <= N. */
LPOSS_API lposs_status lposs_knn_search(lposs_context* context, const lposs_tensor* features,
                                        const lposs_tensor* similarities, const lposs_tensor* indices);

/* scores [H,W,C] = patch_scores [N,C], each window's grid resized to the window (bilinear, half-pixel centres),
 * summed and divided by the number of windows that cover the pixel. windows [n,4] int32, host, must cover H x W. */
LPOSS_API lposs_status lposs_windows_stitch(lposs_context* context, const lposs_tensor* patch_scores,
                                            const lposs_tensor* windows, int32_t patch_size,
                                            const lposs_tensor* scores);

/* Bilinear, half-pixel centres, edges clamped, no antialiasing: input [H,W,C] -> output [H',W',C], both float32 or
 * both uint8 (rounded half up). */
LPOSS_API lposs_status lposs_image_resize(lposs_context* context, const lposs_tensor* input,
                                          const lposs_tensor* output);

/* output [M,C] = for each class the largest of its prompts' scores; scores [M,P]; prompt_classes [P] int32, host. */
LPOSS_API lposs_status lposs_scores_merge_prompts(lposs_context* context, const lposs_tensor* scores,
                                                  const lposs_tensor* prompt_classes, const lposs_tensor* output);

/* scores [M,C], C >= 1 -> labels [M] uint8, uint16 or int32 (C must fit), ties to the lower class, and, if confidence
 * is not NULL, confidence [M] float32: largest minus second largest (0 for one class). */
LPOSS_API lposs_status lposs_scores_argmax(lposs_context* context, const lposs_tensor* scores,
                                           const lposs_tensor* labels, const lposs_tensor* confidence);

/* sRGB [H,W,3] uint8 (0 to 255) or float32 (0 to 1) -> CIE Lab, D65, [H,W,3] float32: L 0 to 100, a, b. */
LPOSS_API lposs_status lposs_image_convert_to_lab(lposs_context* context, const lposs_tensor* image,
                                                  const lposs_tensor* lab);

/* ------------------------------------------------------------------------------------------------------------
 * 9 Device memory and DLPack
 */

/* Memory of the context's kind (host memory on the CPU, device memory on CUDA), from its allocator. On CUDA it is valid
 * in the order of the context's stream: before another stream uses it, let that stream wait for this one. */
LPOSS_API lposs_status lposs_memory_allocate(lposs_context* context, int64_t bytes, void** pointer);

/* NULL is accepted; any other pointer must be one that lposs_memory_allocate gave for this context. bytes: as
 * allocated. */
LPOSS_API lposs_status lposs_memory_release(lposs_context* context, void* pointer, int64_t bytes);

/* Copies a tensor to another of the same dtype and shape, in any pair of memory kinds that the context knows. Waits
 * when one side is host memory. */
LPOSS_API lposs_status lposs_tensor_copy(lposs_context* context, const lposs_tensor* source,
                                         const lposs_tensor* target);

/* Is there a device to make a context on? LPOSS_OK with its name in name (capacity bytes, may be NULL with 0), or
 * LPOSS_ERROR_BACKEND_UNAVAILABLE with the reason as the error text. */
LPOSS_API lposs_status lposs_device_probe(lposs_device device, int32_t device_index, char* name, size_t capacity);

/* DLPack's tensor (dlpack.h, version 0.x and the DLTensor part of 1.x), declared elsewhere. */
struct DLTensor;

/* A view of a DLTensor, which must stay alive: contiguous, 1 to 4 dimensions, a dtype of section 2, on the CPU
 * (kDLCPU, kDLCUDAHost) or on CUDA (kDLCUDA). */
LPOSS_API lposs_status lposs_tensor_from_dlpack(const struct DLTensor* source, lposs_tensor* tensor);

/* Fills a DLTensor that views the tensor's memory. *target's shape points into `tensor`, which must stay alive;
 * strides are NULL (contiguous). device_index: for CUDA memory. */
LPOSS_API lposs_status lposs_tensor_to_dlpack(lposs_tensor* tensor, int32_t device_index, struct DLTensor* target);

#ifdef __cplusplus
}
#endif

#endif /* LPOSS_LPOSS_H */

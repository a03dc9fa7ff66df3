// Graphs from patches, from an image and from the caller's own rows.
#include "api/guard.h"
#include "core/checked_size.h"
#include "core/image.h"
#include "core/options.h"
#include "core/staging.h"
#include "core/struct_io.h"

#include <algorithm>

namespace lposs {
namespace {

void check_graph_pointer(lposs_graph** graph) {
    if (!graph) fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: is NULL; it must point to a pointer");
    *graph = nullptr;
}

lposs_graph* wrap(std::unique_ptr<Graph> graph, lposs_stage solve_stage) {
    auto handle = std::make_unique<lposs_graph>();
    handle->graph = std::move(graph);
    handle->solve_stage = solve_stage;
    return handle.release();
}

void check_rows(const int64_t* row_offsets, int64_t n, int64_t edges) {
    if (row_offsets[0] != 0 || row_offsets[n] != edges)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "row_offsets: runs from %lld to %lld; it must run from 0 to %lld",
             static_cast<long long>(row_offsets[0]), static_cast<long long>(row_offsets[n]),
             static_cast<long long>(edges));
    for (int64_t i = 0; i < n; ++i)
        if (row_offsets[i + 1] < row_offsets[i] || row_offsets[i + 1] > edges)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "row_offsets: element %lld is %lld after %lld; it must not fall",
                 static_cast<long long>(i + 1), static_cast<long long>(row_offsets[i + 1]),
                 static_cast<long long>(row_offsets[i]));
}

void check_entries(const int64_t* row_offsets, const int32_t* columns, const float* weights, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        for (int64_t e = row_offsets[i]; e < row_offsets[i + 1]; ++e) {
            if (columns[e] < 0 || columns[e] >= n || (e > row_offsets[i] && columns[e] <= columns[e - 1]))
                fail(LPOSS_ERROR_INVALID_ARGUMENT,
                     "columns: element %lld (row %lld) is %d; it must be ascending within its row, 0 to %lld",
                     static_cast<long long>(e), static_cast<long long>(i), columns[e], static_cast<long long>(n - 1));
            if (weights[e] < 0.0F)
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "weights: element %lld is %g; it may be 0 or more",
                     static_cast<long long>(e), static_cast<double>(weights[e]));
        }
}

void check_symmetric(const int64_t* row_offsets, const int32_t* columns, const float* weights, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        for (int64_t e = row_offsets[i]; e < row_offsets[i + 1]; ++e) {
            const int64_t j = columns[e];
            const int32_t* begin = columns + row_offsets[j];
            const int32_t* end = columns + row_offsets[j + 1];
            const int32_t* back = std::lower_bound(begin, end, static_cast<int32_t>(i));
            if (back == end || *back != i || weights[back - columns] != weights[e])
                fail(LPOSS_ERROR_INVALID_ARGUMENT,
                     "weights: the entry at row %lld, column %lld has no equal at row %lld, column %lld; W "
                     "must be "
                     "symmetric",
                     static_cast<long long>(i), static_cast<long long>(j), static_cast<long long>(j),
                     static_cast<long long>(i));
        }
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_graph_create_from_patches(lposs_context* context, const lposs_tensor* features,
                                                       const lposs_tensor* centres,
                                                       const lposs_patch_graph_options* options, lposs_graph** graph) {
    return guard([&] {
        check_graph_pointer(graph);
        const ContextCall call(context);
        Backend& backend = call.backend();
        check_tensor(check_struct(features, "features"), "features", {LPOSS_FLOAT32}, {"N", "D"});
        check_tensor(check_struct(centres, "centres"), "centres", {LPOSS_FLOAT32}, {known("N", features->shape[0]), 2});
        const auto resolved = resolve(options, "options");
        check_node_count(features->shape[0], "features");
        check_finite(*features, "features");
        check_finite(*centres, "centres");
        const StagedInput<float> staged_features(backend, *features, "features");
        const StagedInput<float> staged_centres(backend, *centres, "centres");
        backend.progress().begin(LPOSS_STAGE_PATCH_GRAPH, 0, 1);
        *graph = wrap(backend.patch_graph({.features = staged_features.data(),
                                           .centres = staged_centres.data(),
                                           .n = features->shape[0],
                                           .d = features->shape[1],
                                           .options = resolved}),
                      LPOSS_STAGE_PATCH_SOLVE);
    });
}

LPOSS_API lposs_status lposs_graph_create_from_image(lposs_context* context, const lposs_tensor* image,
                                                     const lposs_pixel_graph_options* options, lposs_graph** graph) {
    return guard([&] {
        check_graph_pointer(graph);
        const ContextCall call(context);
        Backend& backend = call.backend();
        check_image(check_struct(image, "image"), "image", {LPOSS_UINT8, LPOSS_FLOAT32});
        const auto resolved = resolve(options, "options");
        const Buffer<float> lab = staged_lab(backend, *image, "image");
        backend.progress().begin(LPOSS_STAGE_PIXEL_GRAPH, 0, 1);
        *graph = wrap(backend.pixel_graph({.lab = lab.data(), .size = image_size(*image), .options = resolved}),
                      LPOSS_STAGE_PIXEL_SOLVE);
    });
}

LPOSS_API lposs_status lposs_graph_create_from_csr(lposs_context* context, const lposs_tensor* row_offsets,
                                                   const lposs_tensor* columns, const lposs_tensor* weights,
                                                   lposs_graph** graph) {
    return guard([&] {
        check_graph_pointer(graph);
        const ContextCall call(context);
        Backend& backend = call.backend();
        check_tensor(check_struct(row_offsets, "row_offsets"), "row_offsets", {LPOSS_INT64}, {Dimension("N+1", 2)});
        check_tensor(check_struct(columns, "columns"), "columns", {LPOSS_INT32}, {Dimension("E", 0)});
        check_tensor(check_struct(weights, "weights"), "weights", {LPOSS_FLOAT32}, {known("E", columns->shape[0])});
        check_host(*row_offsets, "row_offsets");
        check_host(*columns, "columns");
        check_host(*weights, "weights");
        const int64_t n = row_offsets->shape[0] - 1;
        check_node_count(n, "row_offsets");
        check_finite(*weights, "weights");
        const auto* offsets = data_of<const int64_t>(*row_offsets);
        const auto* column = data_of<const int32_t>(*columns);
        const auto* weight = data_of<const float>(*weights);
        check_rows(offsets, n, columns->shape[0]);
        check_entries(offsets, column, weight, n);
        check_symmetric(offsets, column, weight, n);
        *graph = wrap(
            backend.csr_graph({.n = n, .host_row_offsets = offsets, .host_columns = column, .host_weights = weight}),
            LPOSS_STAGE_PATCH_SOLVE);
    });
}

LPOSS_API void lposs_graph_destroy(lposs_graph* graph) {
    delete graph;
}

LPOSS_API lposs_status lposs_graph_get_info(const lposs_graph* graph, lposs_graph_info* info) {
    return guard([&] {
        if (!graph) fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: is NULL");
        check_struct_size(info, "info");
        lposs_graph_info facts;
        lposs_graph_info_init(&facts);
        facts.device = graph->graph->device();
        facts.node_count = graph->graph->node_count();
        facts.edge_count = graph->graph->edge_count();
        facts.memory = graph->graph->memory();
        write_struct(info, facts);
    });
}

} // extern "C"

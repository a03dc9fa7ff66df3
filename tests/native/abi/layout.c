/* Where each field lies on 64-bit machines. Callers in other languages mirror these numbers: a change here is
 * a change of the ABI. */
#include "lposs/lposs.h"

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field " has moved")
#define BYTES(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has another size")

AT(lposs_tensor, struct_size, 0);
AT(lposs_tensor, dtype, 4);
AT(lposs_tensor, memory, 8);
AT(lposs_tensor, ndim, 12);
AT(lposs_tensor, shape, 16);
AT(lposs_tensor, data, 48);
BYTES(lposs_tensor, 56);

AT(lposs_allocator, struct_size, 0);
AT(lposs_allocator, user, 8);
AT(lposs_allocator, allocate, 16);
AT(lposs_allocator, release, 24);
BYTES(lposs_allocator, 32);

AT(lposs_context_options, struct_size, 0);
AT(lposs_context_options, device, 4);
AT(lposs_context_options, device_index, 8);
AT(lposs_context_options, thread_count, 12);
AT(lposs_context_options, memory_limit, 16);
AT(lposs_context_options, stream, 24);
AT(lposs_context_options, allocator, 32);
BYTES(lposs_context_options, 40);

AT(lposs_context_info, struct_size, 0);
AT(lposs_context_info, device, 4);
AT(lposs_context_info, device_index, 8);
AT(lposs_context_info, thread_count, 12);
AT(lposs_context_info, memory_in_use, 16);
AT(lposs_context_info, memory_peak, 24);
AT(lposs_context_info, device_name, 32);
AT(lposs_context_info, backend, 160);
BYTES(lposs_context_info, 224);

AT(lposs_patch_graph_options, struct_size, 0);
AT(lposs_patch_graph_options, k, 4);
AT(lposs_patch_graph_options, gamma, 8);
AT(lposs_patch_graph_options, sigma, 12);
AT(lposs_patch_graph_options, distance_power, 16);
AT(lposs_patch_graph_options, centre, 20);
AT(lposs_patch_graph_options, reserved, 24);
BYTES(lposs_patch_graph_options, 40);

AT(lposs_pixel_graph_options, struct_size, 0);
AT(lposs_pixel_graph_options, tau, 4);
AT(lposs_pixel_graph_options, radius, 8);
AT(lposs_pixel_graph_options, reserved, 12);
BYTES(lposs_pixel_graph_options, 32);

AT(lposs_solver_options, struct_size, 0);
AT(lposs_solver_options, alpha, 4);
AT(lposs_solver_options, tolerance, 8);
AT(lposs_solver_options, max_steps, 12);
AT(lposs_solver_options, subtract_class_mean, 16);
AT(lposs_solver_options, reserved, 20);
BYTES(lposs_solver_options, 40);

AT(lposs_segment_inputs, struct_size, 0);
AT(lposs_segment_inputs, patch_size, 4);
AT(lposs_segment_inputs, image, 8);
AT(lposs_segment_inputs, windows, 64);
AT(lposs_segment_inputs, vlm, 120);
AT(lposs_segment_inputs, vm, 176);
AT(lposs_segment_inputs, text, 232);
AT(lposs_segment_inputs, prompt_classes, 288);
BYTES(lposs_segment_inputs, 344);

AT(lposs_segment_options, struct_size, 0);
AT(lposs_segment_options, mode, 4);
AT(lposs_segment_options, patch_graph, 8);
AT(lposs_segment_options, pixel_graph, 48);
AT(lposs_segment_options, patch_solver, 80);
AT(lposs_segment_options, pixel_solver, 120);
BYTES(lposs_segment_options, 160);

AT(lposs_segment_outputs, struct_size, 0);
AT(lposs_segment_outputs, labels, 8);
AT(lposs_segment_outputs, confidence, 64);
AT(lposs_segment_outputs, scores, 120);
BYTES(lposs_segment_outputs, 176);

AT(lposs_solve_report, struct_size, 0);
AT(lposs_solve_report, column_capacity, 4);
AT(lposs_solve_report, steps, 8);
AT(lposs_solve_report, residuals, 16);
AT(lposs_solve_report, column_count, 24);
AT(lposs_solve_report, converged, 28);
AT(lposs_solve_report, largest_residual, 32);
AT(lposs_solve_report, reserved, 36);
AT(lposs_solve_report, milliseconds, 40);
AT(lposs_solve_report, reserved_2, 48);
BYTES(lposs_solve_report, 64);

AT(lposs_segment_report, struct_size, 0);
AT(lposs_segment_report, reserved, 4);
AT(lposs_segment_report, patch, 8);
AT(lposs_segment_report, pixel, 72);
AT(lposs_segment_report, similarity_ms, 136);
AT(lposs_segment_report, patch_graph_ms, 144);
AT(lposs_segment_report, patch_solve_ms, 152);
AT(lposs_segment_report, stitch_ms, 160);
AT(lposs_segment_report, pixel_graph_ms, 168);
AT(lposs_segment_report, pixel_solve_ms, 176);
AT(lposs_segment_report, label_ms, 184);
AT(lposs_segment_report, total_ms, 192);
BYTES(lposs_segment_report, 200);

AT(lposs_refine_options, struct_size, 0);
AT(lposs_refine_options, graph, 4);
AT(lposs_refine_options, solver, 36);
AT(lposs_refine_options, reserved, 76);
BYTES(lposs_refine_options, 80);

AT(lposs_refine_inputs, struct_size, 0);
AT(lposs_refine_inputs, classes, 4);
AT(lposs_refine_inputs, ignore, 8);
AT(lposs_refine_inputs, reserved, 12);
AT(lposs_refine_inputs, image, 16);
AT(lposs_refine_inputs, scores, 72);
AT(lposs_refine_inputs, labels, 128);
BYTES(lposs_refine_inputs, 184);

AT(lposs_graph_info, struct_size, 0);
AT(lposs_graph_info, device, 4);
AT(lposs_graph_info, node_count, 8);
AT(lposs_graph_info, edge_count, 16);
AT(lposs_graph_info, memory, 24);
BYTES(lposs_graph_info, 32);

_Static_assert(sizeof(lposs_status) == 4 && sizeof(lposs_dtype) == 4 && sizeof(lposs_memory) == 4 &&
                   sizeof(lposs_device) == 4 && sizeof(lposs_mode) == 4,
               "enums are int32_t");
_Static_assert(LPOSS_OK == 0 && LPOSS_ERROR_INVALID_ARGUMENT == 1 && LPOSS_ERROR_NOT_FINITE == 2 &&
                   LPOSS_ERROR_OUT_OF_MEMORY == 3 && LPOSS_ERROR_MEMORY_LIMIT == 4 &&
                   LPOSS_ERROR_BACKEND_UNAVAILABLE == 5 && LPOSS_ERROR_DEVICE == 6 && LPOSS_ERROR_UNSUPPORTED == 7 &&
                   LPOSS_ERROR_INTERNAL == 8 && LPOSS_ERROR_CANCELLED == 9 && LPOSS_ERROR_BUSY == 10,
               "statuses are stable");
_Static_assert(LPOSS_FLOAT32 == 1 && LPOSS_UINT8 == 2 && LPOSS_UINT16 == 3 && LPOSS_INT32 == 4 && LPOSS_INT64 == 5,
               "dtypes are stable");
_Static_assert(LPOSS_MEMORY_HOST == 0 && LPOSS_MEMORY_CUDA == 1 && LPOSS_DEVICE_CPU == 0 && LPOSS_DEVICE_CUDA == 1 &&
                   LPOSS_MODE_VLM == 0 && LPOSS_MODE_LPOSS == 1 && LPOSS_MODE_LPOSS_PLUS == 2,
               "kinds of memory, devices and modes are stable");

AT(lposs_option_info, struct_size, 0);
AT(lposs_option_info, is_integer, 4);
AT(lposs_option_info, name, 8);
AT(lposs_option_info, standard, 16);
AT(lposs_option_info, minimum, 24);
AT(lposs_option_info, maximum, 32);
AT(lposs_option_info, excludes_minimum, 40);
AT(lposs_option_info, excludes_maximum, 44);
BYTES(lposs_option_info, 48);

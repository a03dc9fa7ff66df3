# The faults: each is one that a careful person makes, and each flavour has those that it alone can see.

# ---------------------------------------------------------------------------- barriers

mutation(no_barrier_after_clearing_the_histogram FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "histogram[i] = 0;
    __syncthreads();"
    PUT "histogram[i] = 0;")
mutation(no_barrier_before_reading_the_histogram FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "digit_mask], 1);
    }
    __syncthreads();"
    PUT "digit_mask], 1);
    }")
mutation(no_barrier_before_the_digit_is_read FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "found.wanted = threshold.wanted - above;
    }
    __syncthreads();"
    PUT "found.wanted = threshold.wanted - above;
    }")
mutation(no_barrier_within_the_bitonic_network FILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "keys[high] = key;
                    values[high] = value;
                }
            }
            __syncthreads();"
    PUT "keys[high] = key;
                    values[high] = value;
                }
            }")
mutation(no_barrier_between_dealt_rows FILE graph/symmetrise.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "++dealt[column];
        }
        __syncthreads();"
    PUT "++dealt[column];
        }")
mutation(no_barrier_between_a_and_its_transpose FILE graph/symmetrise.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "dense[columns[e] - piece] = weights[e];
        __syncthreads();"
    PUT "dense[columns[e] - piece] = weights[e];")
mutation(no_barrier_before_the_warps_are_summed FILE graph/sparse_graph.cu FLAVOUR check TESTS On/Propagate.*
    FIND "[lane_index()] = sum;
        __syncthreads();"
    PUT "[lane_index()] = sum;")
mutation(no_barrier_in_the_second_stage FILE runtime/block.cuh COMPILE solve/conjugate_gradient.cu FLAVOUR check
    TESTS On/Propagate.*
    FIND "warp_sums[warp_index()] = value;
    __syncthreads();"
    PUT "warp_sums[warp_index()] = value;")
mutation(no_barrier_before_y_is_turned FILE solve/conjugate_gradient.cu FLAVOUR check TESTS On/Propagate.*
    FIND "values[node][c] = y[(begin + node) * columns + tile.first_column + c];
        }
        __syncthreads();"
    PUT "values[node][c] = y[(begin + node) * columns + tile.first_column + c];
        }")
mutation(no_barrier_between_tiles FILE solve/conjugate_gradient.cu FLAVOUR check TESTS On/Propagate.*
    FIND "__syncthreads();
        for (int i = thread; i < tile_nodes * tile.planes; i += threads) {
            const int node = i % tile_nodes, plane = tile.first_plane"
    PUT "for (int i = thread; i < tile_nodes * tile.planes; i += threads) {
            const int node = i % tile_nodes, plane = tile.first_plane")
mutation(no_barrier_after_the_tile_is_loaded FILE solve/stencil_step.cu FLAVOUR plain TESTS On/PixelGraph.*
    FIND "directions[g * tile.frame + place] = p[g];
    }
    __syncthreads();"
    PUT "directions[g * tile.frame + place] = p[g];
    }")
mutation(no_barrier_before_sums_take_the_frames_place FILE solve/stencil_step.cu FLAVOUR check TESTS On/PixelGraph.*
    FIND "        });
    __syncthreads();"
    PUT "        });")
mutation(no_barrier_before_the_other_half_is_read FILE solve/stencil_step.cu FLAVOUR check TESTS On/PixelGraph.*
    FIND "handed[t * half_threads] = sums[t][g];
        __syncthreads();"
    PUT "handed[t * half_threads] = sums[t][g];")
mutation(no_barrier_before_a_stage_is_used FILE graph/dense_product.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "wait_for_copies<stages - 2>();
        __syncthreads();          // this stage is there, and all have used the one before"
    PUT "wait_for_copies<stages - 2>();")
mutation(a_stage_used_before_its_copies_end FILE graph/dense_product.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "wait_for_copies<stages - 2>();"
    PUT "wait_for_copies<stages - 1>();")
mutation(a_slice_used_before_its_copies_end FILE graph/matrix_product.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "wait_for_copies<0>();"
    PUT "wait_for_copies<1>();")
mutation(no_barrier_before_a_slice_is_multiplied FILE graph/matrix_product.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "wait_for_copies<0>();
        __syncthreads(); // this slice is there, and all have multiplied the one before"
    PUT "wait_for_copies<0>();")
mutation(no_barrier_before_the_threads_are_summed FILE solve/stencil_step.cu FLAVOUR check TESTS On/PixelGraph.*
    FIND "+ lane_index()] = both;
    }
    __syncthreads();"
    PUT "+ lane_index()] = both;
    }")
mutation(no_barrier_before_tiles_are_transposed FILE graph/dense_graph.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "weights[(x + row) * pitch + y + column] : 0.0f;
    }
    __syncthreads();"
    PUT "weights[(x + row) * pitch + y + column] : 0.0f;
    }")
mutation(no_barrier_between_the_halves_of_the_warps FILE graph/dense_product.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "                }
            }
        }
        __syncthreads();"
    PUT "                }
            }
        }")
mutation(one_flag_buffer_for_all_turns FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "select_threads, turn ^= 1) {"
    PUT "select_threads, turn *= 1) {")
mutation(no_barrier_after_the_places_are_found FILE image/stitch.cu FLAVOUR check TESTS On/Stitch.*
    FIND "places[i / tile_pixels][i % tile_pixels] = place;
        }
        __syncthreads();"
    PUT "places[i / tile_pixels][i % tile_pixels] = place;
        }")
mutation(threads_leave_before_a_barrier FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "if (node >= rows) continue;"
    PUT "if (node >= rows) return;")

# ---------------------------------------------------------------------------- places in memory

mutation(one_neighbour_too_many FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR asan TESTS On/Knn.*
    FIND "equal_before < threshold.wanted))"
    PUT "equal_before <= threshold.wanted))")
mutation(one_row_too_many FILE graph/sparse_graph.cu FLAVOUR plain TESTS On/Propagate.*:On/PatchGraph.*
    FIND "+ warp_index();
    if (row < n) {
        double sum = 0.0;"
    PUT "+ warp_index();
    if (row <= n) {
        double sum = 0.0;")
mutation(one_histogram_bin_not_cleared FILE graph/top_k.cuh COMPILE graph/knn.cu FLAVOUR check TESTS On/Knn.*
    FIND "for (int i = thread; i < digit_values; i += select_threads) histogram[i] = 0;"
    PUT "for (int i = thread; i < digit_values - 1; i += select_threads) histogram[i] = 0;")
mutation(one_column_offset_not_written FILE graph/symmetrise.cu FLAVOUR check TESTS On/PatchGraph.*
    FIND "if (threadIdx.x == 0) begins[n] = sum;"
    PUT "")
mutation(halo_one_row_short FILE solve/stencil_step.cu FLAVOUR check TESTS On/PixelGraph.*
    FIND "for (int place = thread; place < tile.frame; place += threads) {
        const Place here"
    PUT "for (int place = thread; place < tile.frame - tile.pitch; place += threads) {
        const Place here")
mutation(halo_shifted_by_one FILE solve/window.cuh COMPILE solve/stencil_pixels.cu solve/stencil_step.cu
    FLAVOUR plain TESTS On/PixelGraph.*
    FIND "x = tile.x + u;"
    PUT "x = tile.x + 1 + u;")
mutation(neighbours_beyond_the_edge_count FILE solve/stencil_pixels.cu FLAVOUR plain TESTS On/PixelGraph.*
    FIND "float4 value = {0.0f, 0.0f, 0.0f, -infinity};"
    PUT "float4 value = {0.0f, 0.0f, 0.0f, 0.0f};")
mutation(last_label_written_twice_as_far FILE image/argmax.cu FLAVOUR asan TESTS On/Argmax.*
    FIND "if (i < pixels) {
        labels[i]"
    PUT "if (i <= pixels) {
        labels[i]")

# ---------------------------------------------------------------------------- the mathematics

mutation(ties_to_the_higher_index FILE graph/knn.cu FLAVOUR plain TESTS On/Knn.*
    FIND "<< 32 | ~static_cast<unsigned>(index);"
    PUT "<< 32 | static_cast<unsigned>(index);")
mutation(ties_of_classes_to_the_higher FILE image/argmax.cu FLAVOUR plain TESTS On/Argmax.*
    FIND "label < winner.label)) {"
    PUT "label > winner.label)) {")
mutation(ties_beyond_the_room_kept FILE graph/top_k.cuh COMPILE graph/patch_graph.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "min(equal_before, threshold.wanted), i, value);"
    PUT "equal_before, i, value);")
mutation(diagonal_kept FILE graph/symmetrise.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "weight != 0.0f && column != i;"
    PUT "weight != 0.0f;")
mutation(diagonal_kept_in_whole_matrices FILE graph/dense_graph.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "const bool diagonal = y == x && row == column;"
    PUT "const bool diagonal = false;")
mutation(one_half_of_the_warps_forgotten FILE graph/dense_product.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "sum = {sum.x + other.x, sum.y + other.y, sum.z + other.z, sum.w + other.w};
                    }"
    PUT "sum = other;
                    }")
mutation(products_below_the_diagonal_missing FILE graph/matrix_product.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "if (!symmetric || place.x == place.y) return;"
    PUT "return;")
mutation(last_column_of_features_forgotten FILE graph/matrix_product.cu FLAVOUR plain TESTS On/PatchGraph.*
    FIND "int columns_left = static_cast<int>(d) -"
    PUT "int columns_left = static_cast<int>(d) - 1 -")
mutation(other_half_of_the_windows_forgotten FILE solve/stencil_step.cu FLAVOUR plain TESTS On/PixelGraph.*
    FIND "mine_of_t = sums[t][g], other = handed[t * half_threads];"
    PUT "mine_of_t = sums[t][g], other = {0.0f, 0.0f, 0.0f, 0.0f};")
mutation(self_edge_in_the_stencil FILE solve/window.cuh COMPILE solve/stencil_pixels.cu solve/stencil_step.cu
    FLAVOUR plain TESTS On/PixelGraph.*
    FIND "if (far || (dx == 0 && dy == 0)) weights[t]"
    PUT "if (far) weights[t]")
mutation(windows_of_radius_1_too_wide FILE solve/window.cuh COMPILE solve/stencil_pixels.cu solve/stencil_step.cu
    FLAVOUR plain TESTS On/PixelGraph.*
    FIND "if (far || (dx == 0 && dy == 0)) weights[t]"
    PUT "if (dx == 0 && dy == 0) weights[t]")
mutation(far_pixels_lose_their_weights FILE solve/stencil_pixels.cu FLAVOUR plain TESTS On/PixelGraph.*
    FIND "sums[t] > 0x1p-60f ?"
    PUT "sums[t] >= 0.0f ?")
mutation(second_stage_forgets_a_warp FILE runtime/block.cuh COMPILE solve/conjugate_gradient.cu FLAVOUR plain
    TESTS On/Propagate.*
    FIND "    T sum = 0;
    for (int warp = 0;"
    PUT "    T sum = 0;
    for (int warp = 1;")
mutation(stopped_columns_go_on FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "state.active = goes_on;"
    PUT "state.active = 1;")
mutation(last_step_of_a_stopped_column_lost FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "columns.live[column] = goes_on || a != 0.0f;"
    PUT "columns.live[column] = goes_on;")
mutation(last_direction_not_added FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "x.y += a.y != 0.0f ? a.y * p.y : 0.0f;"
    PUT "")
mutation(next_residual_without_its_square FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "rr - 2.0 * step * rq + step * step * qq"
    PUT "rr - 2.0 * step * rq")
mutation(x_advanced_with_the_new_direction FILE solve/conjugate_gradient.cu FLAVOUR plain TESTS On/Propagate.*
    FIND "vectors.x[at] = multiply_add(a, last_p, x);"
    PUT "vectors.x[at] = multiply_add(a, r, x);")

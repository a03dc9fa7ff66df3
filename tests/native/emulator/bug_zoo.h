#pragma once

#include "cuda/runtime/gpu.h"

namespace selftest {

void mirror(int* out, int fence); // 0: without a fence, 1: with a shuffle instead, 2: with __syncwarp
void copy_asynchronously(const float* in, float* out, int groups); // -1: without a wait
void smooth_in_place(float* values, int n);
void any_zero(const int* in, int* out);
void shared_overrun(int* out);
void local_overrun(int* out, int index);
void two_barriers(int* out);
void misaligned(float* values);
void idle_lanes(int* out);
void mixed_atomic(int* counter);
void copy(const int* in, int* out, unsigned threads, cudaStream_t stream = nullptr);
void fill(int* out, int count);
void count_past_end(int* counters, int count);
void dynamic(int* out, std::size_t bytes, bool with_attribute);
void deep(int* out); // a frame of a megabyte

} // namespace selftest

#pragma once

#include "cuda/runtime/gpu.h"

namespace selftest {

void collectives(int* failed);
void atomics(int* ints, unsigned* counters, unsigned long long* wide, float* sum);
void shared(int* out, unsigned blocks);
void count_by_activemask(int n, int* counter);
void wait_for(int* flag);

} // namespace selftest

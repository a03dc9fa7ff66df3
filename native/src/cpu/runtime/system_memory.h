#pragma once
#include "core/memory_pool.h"

namespace lposs::cpu {

/// Memory from the system, aligned for any vector, in huge pages where the system gives them: the pixel graph streams
/// through tens of megabytes, and small pages would cost a translation for every 4 KiB of it.
std::unique_ptr<RawMemory> make_system_memory();

} // namespace lposs::cpu

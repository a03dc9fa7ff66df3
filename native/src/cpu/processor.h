// What the machine is.
#pragma once
#include <string>

namespace lposs::cpu {

/// Processors that this process may run on (its affinity mask), at least 1.
int usable_processors();

/// "AMD EPYC 9B45", or "unknown processor".
std::string processor_name();

} // namespace lposs::cpu

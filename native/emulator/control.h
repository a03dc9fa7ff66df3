/* What a test asks of an emulated library. These are the only symbols that the emulator exports: a test that
 * has loaded the library finds them with dlsym (a linker version script must let emulator_* through).
 *
 * Environment, read at first use:
 *   EMULATOR_ORDER=forward|reverse|random:SEED   order in which ready threads, and blocks, run
 *   EMULATOR_KERNELS=FILE                        append each kernel's name to FILE at its first launch
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMULATOR_API __attribute__((visibility("default")))

/* "plain", "asan" or "check". */
EMULATOR_API const char* emulator_flavour(void);

/* Sets the order as EMULATOR_ORDER does. 0, or -1 where the text is none of the three. */
EMULATOR_API int emulator_set_order(const char* order);

/* Kernels launched so far, without template arguments: how many, their names, how often. */
EMULATOR_API size_t emulator_kernel_count(void);
EMULATOR_API const char* emulator_kernel_name(size_t index);
EMULATOR_API uint64_t emulator_kernel_launches(size_t index);

/* Device memory not freed yet: allocations and bytes; the bytes there are (16 GiB by default). */
EMULATOR_API size_t emulator_live_allocations(void);
EMULATOR_API size_t emulator_live_bytes(void);
EMULATOR_API void emulator_set_memory(size_t bytes);

/* Bytes that copies have moved so far: from the host to the device, from the device to the host, and within the device.
 * Kernel parameters do not count. */
EMULATOR_API uint64_t emulator_bytes_to_device(void);
EMULATOR_API uint64_t emulator_bytes_to_host(void);
EMULATOR_API uint64_t emulator_bytes_within_device(void);

/* CUDA calls so far that were wrong (bad pointer, size, handle or kind; not: out of memory), and what was
 * wrong with the last one ("" where none was). A program that ignores a return code shows here. */
EMULATOR_API uint64_t emulator_misuses(void);
EMULATOR_API const char* emulator_last_misuse(void);

#ifdef __cplusplus
}
#endif

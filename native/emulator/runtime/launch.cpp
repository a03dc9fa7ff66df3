// Runs a grid, block after block.
#include "emulator/runtime/launch.h"

#include "emulator/runtime/block.h"
#include "emulator/runtime/faults.h"
#include "emulator/runtime/handles.h"
#include "emulator/runtime/lock.h"
#include "emulator/runtime/memory.h"
#include "emulator/runtime/shadow.h"
#include "emulator/runtime/shared_memory.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>

namespace emulator {

// ---------------------------------------------------------------------------- settings and registry

struct Launches {
    Order order = Order::forward;
    unsigned seed = 1;
    std::uint64_t count = 0;
    std::vector<LaunchedKernel> kernels;
    std::map<const void*, int> dynamic_limits;
    Launches() {
        const char* const wanted = std::getenv("EMULATOR_ORDER");
        if (wanted && !parse(wanted))
            throw std::runtime_error(std::string("EMULATOR_ORDER is '") + wanted +
                                     "'; it may be forward, reverse or random:SEED");
    }
    bool parse(const std::string& text) {
        if (text == "forward" || text == "reverse") {
            order = text == "forward" ? Order::forward : Order::reverse;
            return true;
        }
        char* end = nullptr;
        const unsigned long number = text.rfind("random:", 0) == 0 ? std::strtoul(text.c_str() + 7, &end, 10) : 0;
        if (!end || *end || end == text.c_str() + 7) return false;
        order = Order::random;
        seed = static_cast<unsigned>(number);
        return true;
    }
};
static Launches& launches() {
    static Launches* const instance = new Launches;
    return *instance;
}

bool set_order(const char* order) { return launches().parse(order); }
const std::vector<LaunchedKernel>& launched_kernels() { return launches().kernels; }

/// "(ns::solve_kernel<4, float>)" -> "solve_kernel"
static std::string kernel_name(const char* expression) {
    std::string name = expression;
    name.erase(0, name.find_first_not_of("( &"));
    name.erase(std::min(name.find_first_of("<) "), name.size()));
    return name.substr(name.rfind(':') + 1);
}

static void count_kernel(const char* expression) {
    const std::string name = kernel_name(expression);
    for (LaunchedKernel& kernel : launches().kernels)
        if (kernel.name == name) return void(++kernel.launches);
    launches().kernels.push_back({name, 1});
    const char* const path = std::getenv("EMULATOR_KERNELS");
    if (!path) return;
    std::FILE* const file = std::fopen(path, "a");
    if (!file || std::fprintf(file, "%s\n", name.c_str()) < 0 || std::fclose(file))
        throw std::runtime_error(std::string("EMULATOR_KERNELS: '") + path +
                                 "' cannot be written: " + std::strerror(errno));
}

cudaError_t set_dynamic_shared_limit(const void* kernel, int attribute, int value) {
    const Lock lock;
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (value < 0 || static_cast<std::size_t>(value) > shared_limit)
        return misuse(cudaErrorInvalidValue,
                      "cudaFuncSetAttribute: %d bytes of dynamic shared memory; the limit is %zu", value, shared_limit);
    launches().dynamic_limits[kernel] = value;
    return cudaSuccess;
}

// ---------------------------------------------------------------------------- a launch

static Failure refuse(const LaunchRequest& request, cudaError_t code, const Text& reason) {
    return {code, std::string(reason.c_str()) + "\n  at the launch of kernel " + request.name + " at " +
                      describe(request.site).c_str()};
}

static Failure check_request(const LaunchRequest& request, const void* kernel, const void* const* pointers,
                             std::size_t pointer_count) {
    const dim3 grid = request.grid, block = request.block;
    const auto threads = std::uint64_t(block.x) * block.y * block.z;
    if (threads == 0 || block.x > 1024 || block.y > 1024 || block.z > 64 || threads > 1024)
        return refuse(request, cudaErrorInvalidConfiguration,
                      format("the block is (%u,%u,%u); it may have 1 to 1024 threads, at most (1024,1024,64)", block.x,
                             block.y, block.z));
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535)
        return refuse(
            request, cudaErrorInvalidConfiguration,
            format("the grid is (%u,%u,%u); it may be (1,1,1) to (2147483647,65535,65535)", grid.x, grid.y, grid.z));
    const auto limit = launches().dynamic_limits.find(kernel);
    const std::size_t allowed =
        limit == launches().dynamic_limits.end() ? static_shared_limit : std::size_t(limit->second);
    if (request.shared_bytes > allowed)
        return refuse(
            request, cudaErrorInvalidValue,
            format("%zu bytes of dynamic shared memory; the kernel may have %zu (more by cudaFuncSetAttribute)",
                   request.shared_bytes, allowed));
    if (!is_stream(request.stream))
        return refuse(request, cudaErrorInvalidResourceHandle, format("the stream does not exist (any more)"));
    for (std::size_t i = 0; i < pointer_count; ++i)
        if (pointers[i] && !on_device(pointers[i]) && !is_pinned(pointers[i]))
            return refuse(request, cudaErrorIllegalAddress,
                          format("parameter %zu, %p, is not a device pointer", i, pointers[i]));
    return {cudaSuccess, {}};
}

static void prepare_block(const LaunchRequest& request, void (*call)(const void*), const void* context) {
    if (!running) running = new Block{};
    Block& block = *running;
    block.request = &request;
    block.call = call;
    block.context = context;
    block.order = launches().order;
    block.random.seed(std::uint64_t(launches().seed) << 32 ^ launches().count);
    block.failure = {cudaSuccess, {}};
    gridDim = request.grid;
    blockDim = request.block;
    const unsigned threads = blockDim.x * blockDim.y * blockDim.z;
    block.threads.resize(threads);
    block.warps.resize((threads + 31) / 32);
    for (unsigned i = 0; i < threads; ++i)
        block.threads[i].index = {i % blockDim.x, i / blockDim.x % blockDim.y, i / (blockDim.x * blockDim.y)};
}

/// Visits 0 ... count-1 in the order of the launch; under random order by steps of a size coprime to the count.
class BlockOrder {
public:
    BlockOrder(std::uint64_t count, Order order, Random& random) : count_(count) {
        if (order == Order::reverse) {
            start_ = step_ = count - 1;
        } else if (order == Order::random) {
            const auto limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, 0xffffffffu));
            start_ = random.below(limit);
            do step_ = 1 + random.below(limit);
            while (std::gcd(step_, count) != 1);
        }
    }
    std::uint64_t operator[](std::uint64_t i) const {
        return static_cast<std::uint64_t>((start_ + Wide(i) * step_) % count_);
    }

private:
    __extension__ using Wide = unsigned __int128;
    std::uint64_t count_, start_ = 0, step_ = 1;
};

Failure run(const LaunchRequest& request, const void* kernel, void (*call)(const void*), const void* context,
            const void* const* pointers, std::size_t pointer_count) {
    const Lock lock;
    reserve_memory();
    Failure refused = check_request(request, kernel, pointers, pointer_count);
    if (refused.code != cudaSuccess) return refused;
    count_kernel(request.name);
    ++launches().count;
    prepare_block(request, call, context);
    shadow::launch_begins();

    const FaultGuard guard;
    Block& block = *running;
    const dim3 grid = request.grid;
    const std::uint64_t blocks = std::uint64_t(grid.x) * grid.y * grid.z;
    const BlockOrder order(blocks, block.order, block.random);
    for (std::uint64_t i = 0; i < blocks && block.failure.code == cudaSuccess; ++i) {
        const std::uint64_t index = order[i];
        blockIdx = {unsigned(index % grid.x), unsigned(index / grid.x % grid.y), unsigned(index / grid.x / grid.y)};
        run_block(index);
    }
    Text overrun;
    if (block.failure.code == cudaSuccess && find_overrun(overrun))
        return {cudaErrorIllegalAddress, std::string(overrun.c_str()) + "\n  found after kernel " + request.name +
                                             " launched at " + describe(request.site).c_str()};
    return block.failure;
}

} // namespace emulator

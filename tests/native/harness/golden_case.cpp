#include "harness/golden_case.h"

#include "harness/npy.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <stdexcept>

namespace {
/// The source tree's, or what the environment variable of the same name says: tests may run on another machine.
const std::filesystem::path root = [] {
    const char* moved = std::getenv("LPOSS_GOLDEN_FOLDER");
    return std::filesystem::path(moved && *moved ? moved : LPOSS_GOLDEN_FOLDER);
}();
} // namespace

std::vector<std::string> golden_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root))
        if (entry.is_directory()) names.push_back(entry.path().filename().string());
    if (names.empty()) throw std::runtime_error(root.string() + " holds no golden cases");
    std::sort(names.begin(), names.end());
    return names;
}

GoldenCase read_golden(const std::string& name) {
    const std::filesystem::path folder = root / name;
    const auto file = [&](const char* stem) { return (folder / stem).string() + ".npy"; };
    GoldenCase golden;
    golden.name = name;
    golden.image = read_npy<uint8_t>(file("image"));
    golden.windows = read_npy<int32_t>(file("windows"));
    golden.vm = read_npy<float>(file("vm"));
    golden.vlm = read_npy<float>(file("vlm"));
    golden.text = read_npy<float>(file("text"));
    golden.lposs = read_npy<float>(file("lposs"));
    golden.lposs_plus = read_npy<float>(file("lposs_plus"));
    const Array<int32_t> parameters = read_npy<int32_t>(file("params"));
    golden.k = parameters(0);
    golden.window = parameters(1);
    golden.stride = parameters(2);
    if (std::filesystem::exists(file("mapping"))) {
        golden.prompt_classes = read_npy<int32_t>(file("mapping")).values;
    } else {
        golden.prompt_classes.resize(static_cast<size_t>(golden.text.shape[0]));
        std::iota(golden.prompt_classes.begin(), golden.prompt_classes.end(), 0);
    }
    return golden;
}

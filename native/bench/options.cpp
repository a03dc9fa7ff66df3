#include "options.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace bench {
namespace {

constexpr const char* usage =
    "usage: lposs_bench [OPTIONS]\n"
    "\n"
    "  --size HxW[,HxW...]      model input in pixels (default 448x597)\n"
    "  --classes N[,N...]       prompts that go through the solves (default 21)\n"
    "  --patches N[,N...]       patch counts of their own for the patch step; the sizes are then the pixel "
    "step's\n"
    "                           (default: the patches of the size's windows of 224, stride 112)\n"
    "  --dimensions D           of the vision model's features (default 768)\n"
    "  --threads T              default: all processors of this process\n"
    "  --repeats R              each figure is the median of R runs (default 7; cuda: 50)\n"
    "  --warm-up MS             run each stage for so many milliseconds first, once at least (default 0; cuda: "
    "300)\n"
    "  --device cpu|cuda        default cpu\n"
    "  --grid                   sizes 0.1 to 8.3 megapixels, 1 to 171 classes, 500 to 8,000 patches\n"
    "  --compare reference      run the NumPy reference beside it (needs python3 with numpy and scipy)\n"
    "  --compare float64        hold the solutions to the naive spec in double precision (a minute)\n"
    "  --stability N            make graphs and solve N times; all must have the same bits\n"
    "  --refine HxW[,HxW...]    only the call from coarse scores to labels, on images of these sizes\n"
    "  --no-check               leave the check against the naive spec out\n"
    "  --no-ceilings            do not measure what the machine can do at most\n"
    "  --json                   end with one JSON object on one line\n";

[[noreturn]] void refuse(const std::string& what) {
    std::fprintf(stderr, "lposs_bench: %s\n\n%s", what.c_str(), usage);
    std::exit(2);
}

int64_t number(const std::string& text, const char* option, int64_t least, int64_t most) {
    char* end = nullptr;
    const long long value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || value < least || value > most)
        refuse(std::string(option) + ": '" + text + "' is not a number from " + std::to_string(least) + " to " +
               std::to_string(most));
    return value;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

std::vector<int64_t> numbers(const std::string& text, const char* option, int64_t most) {
    std::vector<int64_t> values;
    for (const std::string& part : split(text, ',')) values.push_back(number(part, option, 1, most));
    if (values.empty()) refuse(std::string(option) + ": needs a number");
    return values;
}

std::vector<std::pair<int64_t, int64_t>> parse_sizes(const std::string& text, const char* option) {
    std::vector<std::pair<int64_t, int64_t>> sizes;
    for (const std::string& part : split(text, ',')) {
        const auto sides = split(part, 'x');
        if (sides.size() != 2) refuse(std::string(option) + ": '" + part + "' is not HEIGHTxWIDTH");
        sizes.emplace_back(number(sides[0], option, 1, 1 << 16), number(sides[1], option, 1, 1 << 16));
    }
    if (sizes.empty()) refuse(std::string(option) + ": needs HEIGHTxWIDTH");
    return sizes;
}

} // namespace

Repeats repeats_of(const Options& options) {
    const bool cuda = options.device == LPOSS_DEVICE_CUDA;
    Repeats repeats;
    repeats.count = options.repeats > 0 ? options.repeats : cuda ? 50 : 7;
    repeats.warm_up_ms = options.warm_up_ms >= 0.0 ? options.warm_up_ms : cuda ? 300.0 : 0.0;
    repeats.queued = cuda;
    return repeats;
}

Options parse_options(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        const auto value = [&]() -> std::string {
            if (++i >= count) refuse(name + ": needs a value");
            return arguments[i];
        };
        if (name == "--size")
            options.sizes = parse_sizes(value(), "--size");
        else if (name == "--classes")
            options.classes = numbers(value(), "--classes", 4096);
        else if (name == "--patches")
            options.patches = numbers(value(), "--patches", 200'000);
        else if (name == "--dimensions")
            options.dimensions = number(value(), "--dimensions", 1, 1 << 16);
        else if (name == "--threads")
            options.threads = static_cast<int>(number(value(), "--threads", 1, 1024));
        else if (name == "--repeats")
            options.repeats = static_cast<int>(number(value(), "--repeats", 1, 1000));
        else if (name == "--stability")
            options.stability = static_cast<int>(number(value(), "--stability", 2, 10'000));
        else if (name == "--warm-up")
            options.warm_up_ms = static_cast<double>(number(value(), "--warm-up", 0, 60'000));
        else if (name == "--device") {
            const std::string device = value();
            if (device != "cpu" && device != "cuda") refuse("--device: '" + device + "' is neither cpu nor cuda");
            options.device = device == "cuda" ? LPOSS_DEVICE_CUDA : LPOSS_DEVICE_CPU;
        } else if (name == "--grid") {
            options.sizes = {{274, 365}, {448, 597}, {768, 1024}, {1080, 1920}, {2160, 3840}};
            options.classes = {1, 2, 21, 60, 171};
            options.patches = {500, 2940, 8000};
        } else if (name == "--compare") {
            const std::string peer = value();
            if (peer != "reference" && peer != "float64")
                refuse("--compare: '" + peer + "' is unknown; it may be reference or float64");
            (peer == "reference" ? options.compare_reference : options.compare_float64) = true;
        } else if (name == "--refine")
            options.refine = parse_sizes(value(), "--refine");
        else if (name == "--no-check")
            options.check = false;
        else if (name == "--no-ceilings")
            options.ceilings = false;
        else if (name == "--json")
            options.json = true;
        else if (name == "--help" || name == "-h") {
            std::fputs(usage, stdout);
            std::exit(0);
        } else
            refuse("'" + name + "' is unknown");
    }
    return options;
}

} // namespace bench

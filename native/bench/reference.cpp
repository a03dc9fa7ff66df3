#include "reference.h"

#include "check.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

namespace bench {
namespace {

namespace fs = std::filesystem;

/// A folder of its own under the system's temporary one, gone at the end of the scope.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "lposs-bench-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no folder could be made under " + name);
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored; // nothing can be done about a folder that will not go
        fs::remove_all(path_, ignored);
    }
    fs::path operator/(const char* name) const { return path_ / name; }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

template <class T>
void write_raw(const fs::path& path, const Array<T>& array) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(array.values.data()),
               static_cast<std::streamsize>(array.values.size() * sizeof(T)));
    if (!file.flush()) throw std::runtime_error(path.string() + " could not be written");
}

Array<double> read_raw(const fs::path& path, std::vector<int64_t> shape) {
    Array<double> array(std::move(shape));
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(array.values.data()),
              static_cast<std::streamsize>(array.values.size() * sizeof(double)));
    if (!file) throw std::runtime_error(path.string() + " is missing or too short");
    return array;
}

/// The first of python3 and the system's own that has what the reference needs.
std::string python_with_scipy() {
    for (const char* python : {"python3", "/usr/bin/python3"})
        if (std::system((std::string(python) + " -c 'import numpy, scipy' >/dev/null 2>&1").c_str()) == 0)
            return python;
    throw std::runtime_error("the reference needs python3 with numpy and scipy (Debian: python3-numpy "
                             "python3-scipy)");
}

} // namespace

void compare_with_reference(lposs_context* context, Problem& problem, std::vector<Stage>& stages) {
    const TemporaryFolder folder;
    write_raw(folder / "image", problem.image);
    write_raw(folder / "features", problem.features);
    write_raw(folder / "centres", problem.centres);
    write_raw(folder / "patch_scores", problem.patch_scores);
    write_raw(folder / "pixel_scores", problem.pixel_scores);
    {
        std::ofstream sizes(folder / "sizes");
        sizes << problem.height << ' ' << problem.width << ' ' << problem.patches << ' ' << problem.dimensions << ' '
              << problem.classes << '\n';
    }
    const std::string command =
        python_with_scipy() + " '" + LPOSS_BENCH_REFERENCE + "/time_stages.py' '" + folder.path().string() + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the reference did not run to its end");

    std::map<std::string, double> times;
    std::ifstream lines(folder / "times");
    std::string name;
    for (double ms = 0.0; lines >> name >> ms;) times[name] = ms;

    const auto error_of = [&](const Graph& graph, Array<float>& y, const char* file) {
        return relative_error(propagate(context, graph.get(), y), read_raw(folder / file, y.shape));
    };
    for (Stage& stage : stages) {
        stage.reference_ms = times[stage.name];
        if (stage.name == "patch_solve")
            stage.error = error_of(patch_graph(context, problem), problem.patch_scores, "patch_solution");
        if (stage.name == "pixel_solve")
            stage.error = error_of(pixel_graph(context, problem), problem.pixel_scores, "pixel_solution");
    }
}

} // namespace bench

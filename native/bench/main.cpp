// lposs_bench: first what the machine can do, then what the core does with it, stage by stage. Each result is held to
// the naive spec before it is timed.
#include "check.h"
#include "options.h"
#include "reference.h"
#include "report.h"

#include <cstdio>
#include <exception>

namespace {

/// Which stages a run has: all four, or one side over sizes of its own.
enum class Part { both, patch, pixel };

bench::Run describe(const lposs_context_info& info, int64_t height, int64_t width, int64_t patches, int64_t classes) {
    bench::Run run;
    run.device = info.device_name;
    run.backend = info.backend;
    run.threads = info.thread_count;
    run.height = height;
    run.width = width;
    run.patches = patches;
    run.classes = classes;
    return run;
}

bench::Run run_one(lposs_context* context, const lposs_context_info& info, const bench::Options& options, Part part,
                   int64_t height, int64_t width, int64_t patches, int64_t classes) {
    bench::Problem problem = bench::make_problem(height, width, patches, options.dimensions, classes);
    bench::Run run = describe(info, height, width, problem.patches, classes);
    if (options.check) run.spec_error = bench::check_against_spec(context, height, width, options.dimensions, classes);
    const bench::Repeats repeats = bench::repeats_of(options);
    bench::take_memory_peak(context);
    if (part != Part::pixel) {
        run.stages.push_back(bench::time_patch_graph(context, problem, repeats));
        run.stages.push_back(bench::time_patch_solve(context, problem, repeats));
    }
    if (part != Part::patch) {
        run.stages.push_back(bench::time_pixel_graph(context, problem, repeats));
        run.stages.push_back(bench::time_pixel_solve(context, problem, repeats));
    }
    run.memory_peak = bench::take_memory_peak(context);
    if (options.stability > 0) {
        bench::check_stability(context, problem, options.stability);
        run.stable_runs = options.stability;
    }
    if (options.compare_reference) bench::compare_with_reference(context, problem, run.stages);
    if (options.compare_float64) bench::compare_with_float64(context, problem, run.stages);
    return run;
}

bench::Run run_refine(lposs_context* context, const lposs_context_info& info, const bench::Options& options,
                      int64_t height, int64_t width, int64_t classes) {
    bench::Run run = describe(info, height, width, 0, classes);
    bench::take_memory_peak(context);
    run.stages.push_back(bench::time_refine(context, height, width, classes, bench::repeats_of(options)));
    run.memory_peak = bench::take_memory_peak(context);
    return run;
}

} // namespace

int main(int count, char** arguments) {
    const bench::Options options = bench::parse_options(count, arguments);
    try {
        const bench::Context context = bench::make_context(options.device, options.threads);
        lposs_context_info info;
        lposs_context_info_init(&info);
        bench::must(lposs_context_get_info(context.get(), &info));
        bench::Ceilings ceilings;
        if (options.ceilings) {
            ceilings = options.device == LPOSS_DEVICE_CUDA ? bench::measure_card_ceilings(info.device_index)
                                                           : bench::measure_ceilings(info.thread_count);
            bench::print_ceilings(ceilings, info.thread_count);
        }

        std::vector<bench::Run> runs;
        const auto add = [&](Part part, int64_t height, int64_t width, int64_t patches, int64_t classes) {
            runs.push_back(run_one(context.get(), info, options, part, height, width, patches, classes));
            bench::print_table(runs.back(), ceilings);
        };
        for (const auto& [height, width] : options.refine)
            for (const int64_t classes : options.classes) {
                runs.push_back(run_refine(context.get(), info, options, height, width, classes));
                bench::print_table(runs.back(), ceilings);
            }
        if (options.refine.empty()) {
            for (const int64_t patches : options.patches)
                for (const int64_t classes : options.classes) add(Part::patch, 224, 224, patches, classes);
            const Part part = options.patches.empty() ? Part::both : Part::pixel;
            for (const auto& [height, width] : options.sizes)
                for (const int64_t classes : options.classes) add(part, height, width, 0, classes);
        }
        if (options.json) bench::print_json(runs, ceilings);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lposs_bench: %s\n", error.what());
        return 1;
    }
}

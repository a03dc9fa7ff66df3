#include "report.h"

#include <algorithm>
#include <cstdio>

namespace bench {
namespace {

/// The share of the ceiling that binds: the larger of the two.
double ceiling_share(const Stage& stage, const Run& run, const Ceilings& ceilings) {
    const double peak = ceilings.peak_of(run.backend);
    const double arithmetic = peak > 0.0 ? stage.gflops() / peak : 0.0;
    const double memory = ceilings.copy_all_threads > 0.0 ? stage.gbps() / ceilings.copy_all_threads : 0.0;
    return std::max(arithmetic, memory);
}

double total_ms(const Run& run) {
    double total = 0.0;
    for (const Stage& stage : run.stages) total += stage.ms;
    return total;
}

/// Reference time over ours, all stages together; 0 where the reference did not run.
double total_ratio(const Run& run) {
    double reference = 0.0;
    for (const Stage& stage : run.stages) reference += stage.reference_ms;
    return reference / total_ms(run);
}

/// JSON text without quotes, backslashes and control characters, none of which a device name needs.
std::string plain(std::string text) {
    std::erase_if(text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    return text;
}

void print_stage_json(const Stage& stage, const Run& run, const Ceilings& ceilings) {
    std::printf("\"%s\":{\"ms\":%.4f", stage.name.c_str(), stage.ms);
    if (stage.queued_ms > 0.0) std::printf(",\"queued_ms\":%.4f", stage.queued_ms);
    std::printf(",\"gflops\":%.2f,\"gbps\":%.2f,\"ceiling_share\":%.4f", stage.gflops(), stage.gbps(),
                ceiling_share(stage, run, ceilings));
    if (stage.reference_ms > 0.0)
        std::printf(",\"reference_ms\":%.2f,\"ratio\":%.2f", stage.reference_ms, stage.reference_ms / stage.ms);
    if (stage.error >= 0.0) std::printf(",\"error\":%.3e", stage.error);
    if (stage.equal_labels >= 0.0) std::printf(",\"equal_labels\":%.6f", stage.equal_labels);
    std::printf("}");
}

void print_run_json(const Run& run, const Ceilings& ceilings) {
    std::printf("{\"device\":\"%s\",\"backend\":\"%s\",\"threads\":%d,\"size\":\"%lldx%lld\",\"patches\":%lld,"
                "\"classes\":%lld",
                plain(run.device).c_str(), plain(run.backend).c_str(), run.threads, static_cast<long long>(run.height),
                static_cast<long long>(run.width), static_cast<long long>(run.patches),
                static_cast<long long>(run.classes));
    if (run.spec_error >= 0.0) std::printf(",\"spec_error\":%.3e", run.spec_error);
    if (run.stable_runs > 0) std::printf(",\"stable_runs\":%d", run.stable_runs);
    if (!ceilings.peaks.empty()) {
        std::printf(",\"ceilings\":{\"copy_gbps\":%.1f,\"gflops\":%.1f", ceilings.copy_all_threads,
                    ceilings.peak_of(run.backend));
        for (const Ceilings::Extra& extra : ceilings.extras) std::printf(",\"%s\":%.4g", extra.key, extra.value);
        std::printf("}");
    }
    std::printf(",\"stages\":{");
    for (size_t i = 0; i < run.stages.size(); ++i) {
        if (i > 0) std::printf(",");
        print_stage_json(run.stages[i], run, ceilings);
    }
    std::printf("},\"total_ms\":%.4f,\"memory_peak\":%lld", total_ms(run), static_cast<long long>(run.memory_peak));
    if (total_ratio(run) > 0.0) std::printf(",\"ratio_total\":%.2f", total_ratio(run));
    std::printf("}");
}

} // namespace

void print_ceilings(const Ceilings& ceilings, int threads) {
    std::printf("ceilings (1 thread, %d threads)\n", threads);
    std::printf("  copy            %8.1f %8.1f GB/s\n", ceilings.copy_one_thread, ceilings.copy_all_threads);
    for (const Ceilings::Peak& peak : ceilings.peaks)
        std::printf("  %-15s %8.1f %8.1f GFLOP/s\n", peak.isa.c_str(), peak.one_thread, peak.all_threads);
    for (const Ceilings::Extra& extra : ceilings.extras)
        std::printf("  %-24s %8.4g %s\n", extra.name, extra.value, extra.unit);
    std::printf("\n");
}

void print_table(const Run& run, const Ceilings& ceilings) {
    std::printf("%lld x %lld, %lld patches, %lld classes, %d threads, %s, %s\n", static_cast<long long>(run.height),
                static_cast<long long>(run.width), static_cast<long long>(run.patches),
                static_cast<long long>(run.classes), run.threads, run.backend.c_str(), run.device.c_str());
    std::printf("  %-12s %10s %10s %10s %9s %8s %12s %8s %10s\n", "stage", "ms", "GFLOP", "MB", "GFLOP/s", "GB/s",
                "of ceiling", "ratio", "error");
    for (const Stage& stage : run.stages) {
        std::printf("  %-12s %10.3f %10.2f %10.1f %9.1f %8.1f %10.0f %%", stage.name.c_str(), stage.ms,
                    stage.operations * 1e-9, stage.bytes * 1e-6, stage.gflops(), stage.gbps(),
                    100.0 * ceiling_share(stage, run, ceilings));
        if (stage.reference_ms > 0.0) std::printf(" %8.1f", stage.reference_ms / stage.ms);
        if (stage.error >= 0.0) std::printf(" %10.1e", stage.error);
        std::printf("\n");
    }
    std::printf("  %-12s %10.3f", "together", total_ms(run));
    if (total_ratio(run) > 0.0) std::printf("   %.1f times the reference's speed", total_ratio(run));
    if (run.spec_error >= 0.0) std::printf("   (checked: %.1e from the spec)", run.spec_error);
    if (run.stable_runs > 0) std::printf("   (%d runs, the same bits)", run.stable_runs);
    std::printf("\n  %.1f MiB at the most\n\n", static_cast<double>(run.memory_peak) / (1 << 20));
    std::fflush(stdout);
}

void print_json(const std::vector<Run>& runs, const Ceilings& ceilings) {
    // One run is an object of its own; several are listed, all in one object on one line.
    if (runs.size() != 1) std::printf("{\"runs\":[");
    for (size_t i = 0; i < runs.size(); ++i) {
        if (i > 0) std::printf(",");
        print_run_json(runs[i], ceilings);
    }
    std::printf(runs.size() != 1 ? "]}\n" : "\n");
}

} // namespace bench

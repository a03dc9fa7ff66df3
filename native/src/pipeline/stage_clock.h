// Milliseconds per stage, of stages that may come several times (once per class block). Events are read at the end, so
// that nothing waits in between.
#pragma once

#include "core/backend.h"

namespace lposs {

class StageClock {
public:
    explicit StageClock(Backend& backend) : backend_(backend) {
        backend_.clear_events();
        begin_ = last_ = backend_.record_event();
    }

    /// What happened since the last call belongs to this stage.
    void lap(double lposs_segment_report::*stage) {
        const int now = backend_.record_event();
        laps_.push_back({last_, now, stage});
        last_ = now;
    }

    void read(lposs_segment_report& report) {
        for (const Lap& lap : laps_) report.*lap.stage = 0.0;
        for (const Lap& lap : laps_) report.*lap.stage += backend_.milliseconds(lap.from, lap.to);
        report.total_ms = backend_.milliseconds(begin_, last_);
    }

private:
    struct Lap {
        int from, to;
        double lposs_segment_report::*stage;
    };

    Backend& backend_;
    int begin_ = 0, last_ = 0;
    std::vector<Lap> laps_;
};

} // namespace lposs

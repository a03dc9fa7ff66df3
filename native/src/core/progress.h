// How far a call is, and whether it should go on. The caller's callback runs on the thread that made the call, between
// strips of rows and steps of the solver, a few dozen times a second at most.
#pragma once

#include "core/error.h"

#include <chrono>

namespace lposs {

class Progress {
public:
    bool is_heard() const { return callback_ != nullptr; }

    /// From now on `callback` is asked; NULL: nobody.
    void listen(lposs_progress_callback callback, void* user) {
        callback_ = callback;
        user_ = user;
    }

    /// A call begins.
    void restart() {
        stage_ = LPOSS_STAGE_PREPARE;
        from_ = to_ = fraction_ = 0;
        asked_ = std::chrono::steady_clock::now();
    }

    /// The fraction of the whole call that is done.
    double reached() const { return fraction_; }

    /// A stage begins, at `from` of the whole call; it ends at `to`.
    void begin(lposs_stage stage, double from, double to) {
        stage_ = stage;
        from_ = fraction_ = from;
        to_ = to;
        ask();
    }

    /// `part` of the stage is done, 0 to 1.
    void advance(double part) { fraction_ = from_ + part * (to_ - from_); }

    /// To be called often: asks when some time has passed. Throws LPOSS_ERROR_CANCELLED when the caller wants to stop.
    void poll() {
        if (callback_ && std::chrono::steady_clock::now() - asked_ >= interval) ask();
    }

    /// While it lives, advance(0) to advance(1) are `from` to `to` of the stage.
    class Part {
    public:
        Part(Progress& progress, double from, double to)
            : progress_(progress), from_(progress.from_), to_(progress.to_) {
            const double span = to_ - from_;
            progress_.to_ = from_ + to * span;
            progress_.from_ = from_ + from * span;
        }
        ~Part() {
            progress_.from_ = from_;
            progress_.to_ = to_;
        }
        Part(const Part&) = delete;
        Part& operator=(const Part&) = delete;

    private:
        Progress& progress_;
        double from_, to_;
    };

private:
    static constexpr std::chrono::milliseconds interval{20};

    void ask() {
        if (!callback_) return;
        asked_ = std::chrono::steady_clock::now();
        if (callback_(user_, stage_, fraction_) != 0)
            fail(LPOSS_ERROR_CANCELLED, "the call was cancelled by its progress callback");
    }

    lposs_progress_callback callback_ = nullptr;
    void* user_ = nullptr;
    lposs_stage stage_ = LPOSS_STAGE_PREPARE;
    double from_ = 0, to_ = 0, fraction_ = 0;
    std::chrono::steady_clock::time_point asked_{};
};

} // namespace lposs

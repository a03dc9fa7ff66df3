// The scores that refining begins with: a caller's scores [M,C], or labels [M] as one-hot rows.
#pragma once

#include "core/tensor.h"

#include <numeric>

namespace lposs {

/// One of scores and labels, readable where gather_classes() runs.
struct ClassSource {
    const float* scores = nullptr; ///< [pixels, classes]
    const void* labels = nullptr;  ///< [pixels] of label_dtype
    lposs_dtype label_dtype = LPOSS_UINT8;
    int64_t pixels = 0, classes = 0;
    int32_t ignore = 255; ///< a pixel with this label has zeros
    bool centred = false; ///< minus each pixel's mean over all classes
};

/// The label of one pixel, whatever its dtype.
inline int32_t label_at(const ClassSource& source, int64_t i) {
    switch (source.label_dtype) {
    case LPOSS_UINT8:
        return static_cast<const uint8_t*>(source.labels)[i];
    case LPOSS_UINT16:
        return static_cast<const uint16_t*>(source.labels)[i];
    default:
        return static_cast<const int32_t*>(source.labels)[i];
    }
}

/// Classes first .. first + count of the pixels begin .. end, in host memory: block [pixels, count].
inline void gather_rows(const ClassSource& source, int64_t first, int64_t count, int64_t begin, int64_t end,
                        float* block) {
    const float label_mean = source.centred ? 1.0F / static_cast<float>(source.classes) : 0.0F;
    for (int64_t i = begin; i < end; ++i) {
        float* row = block + i * count;
        if (source.labels) {
            const int32_t label = label_at(source, i);
            const bool ignored = label == source.ignore;
            for (int64_t c = 0; c < count; ++c)
                row[c] = ignored ? 0.0F : static_cast<float>(label == first + c) - label_mean;
            continue;
        }
        const float* scores = source.scores + i * source.classes;
        double mean = 0.0;
        if (source.centred)
            mean = std::accumulate(scores, scores + source.classes, 0.0) / static_cast<double>(source.classes);
        for (int64_t c = 0; c < count; ++c) row[c] = scores[first + c] - static_cast<float>(mean);
    }
}

} // namespace lposs

// Honest comparisons: NaN and infinity in a result always fail, shapes must agree.
#pragma once
#include "spec/array.h"

#include <gtest/gtest.h>

/// |actual - expected| / |expected| <= tolerance in the L2 norm; and no element is off by more than 100 times
/// the tolerance of the largest expected magnitude, so that one wrong pixel does not drown in a large image.
testing::AssertionResult close(const Array<float>& actual, const Array<double>& expected, double tolerance);

/// At least `share` of the elements are equal.
testing::AssertionResult labels_equal(const Array<int32_t>& actual, const Array<int32_t>& expected, double share);

/// Each label's score is the largest of its pixel, up to `tie` of the largest magnitude of all scores [M,C]; where the
/// best class leads by more than that, only the best will do.
testing::AssertionResult labels_win(const Array<int32_t>& labels, const Array<double>& scores, double tie);

/// Equal bit for bit.
template <class T>
testing::AssertionResult same_bits(const Array<T>& actual, const Array<T>& expected);

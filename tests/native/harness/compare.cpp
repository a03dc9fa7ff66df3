#include "harness/compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

testing::AssertionResult close(const Array<float>& actual, const Array<double>& expected, double tolerance) {
    if (actual.shape != expected.shape)
        return testing::AssertionFailure() << "shapes differ: " << testing::PrintToString(actual.shape) << " and "
                                           << testing::PrintToString(expected.shape);
    double difference = 0, length = 0, largest = 0, worst = 0;
    int64_t worst_at = 0;
    for (int64_t i = 0; i < actual.size(); ++i) {
        const double value = static_cast<double>(actual(i)), error = std::abs(value - expected(i));
        if (!std::isfinite(value)) return testing::AssertionFailure() << "element " << i << " is " << value;
        difference += error * error;
        length += expected(i) * expected(i);
        largest = std::max(largest, std::abs(expected(i)));
        if (error > worst) {
            worst = error;
            worst_at = i;
        }
    }
    difference = std::sqrt(difference);
    length = std::sqrt(length);
    if (difference <= tolerance * length && worst <= 10 * tolerance * largest) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "relative L2 error " << difference / length << " (at most " << tolerance
                                       << "); element " << worst_at << " is off most: " << actual(worst_at) << " for "
                                       << expected(worst_at) << ", largest magnitude " << largest;
}

testing::AssertionResult labels_equal(const Array<int32_t>& actual, const Array<int32_t>& expected, double share) {
    if (actual.shape != expected.shape)
        return testing::AssertionFailure() << "shapes differ: " << testing::PrintToString(actual.shape) << " and "
                                           << testing::PrintToString(expected.shape);
    int64_t equal = 0;
    for (int64_t i = 0; i < actual.size(); ++i) equal += actual(i) == expected(i) ? 1 : 0;
    if (static_cast<double>(equal) >= share * static_cast<double>(actual.size())) return testing::AssertionSuccess();
    return testing::AssertionFailure() << equal << " of " << actual.size() << " labels are equal, wanted " << share;
}

testing::AssertionResult labels_win(const Array<int32_t>& labels, const Array<double>& scores, double tie) {
    const int64_t classes = scores.shape.back();
    if (labels.size() * classes != scores.size())
        return testing::AssertionFailure() << labels.size() << " labels for " << scores.size() << " scores";
    double largest = 0;
    for (const double score : scores.values) largest = std::max(largest, std::abs(score));
    for (int64_t i = 0; i < labels.size(); ++i) {
        if (labels(i) < 0 || labels(i) >= classes)
            return testing::AssertionFailure() << "label " << i << " is " << labels(i) << " of " << classes;
        for (int64_t c = 0; c < classes; ++c)
            if (scores(i * classes + c) - scores(i * classes + labels(i)) > tie * largest)
                return testing::AssertionFailure()
                       << "label " << i << " is " << labels(i) << " with " << scores(i * classes + labels(i))
                       << ", but class " << c << " has " << scores(i * classes + c);
    }
    return testing::AssertionSuccess();
}

template <class T>
testing::AssertionResult same_bits(const Array<T>& actual, const Array<T>& expected) {
    if (actual.shape != expected.shape)
        return testing::AssertionFailure() << "shapes differ: " << testing::PrintToString(actual.shape) << " and "
                                           << testing::PrintToString(expected.shape);
    for (int64_t i = 0; i < actual.size(); ++i) {
        const T a = actual(i), b = expected(i);
        if (std::memcmp(&a, &b, sizeof(T)) != 0)
            return testing::AssertionFailure() << "element " << i << " is " << +a << " and not " << +b;
    }
    return testing::AssertionSuccess();
}

template testing::AssertionResult same_bits(const Array<float>&, const Array<float>&);
template testing::AssertionResult same_bits(const Array<uint8_t>&, const Array<uint8_t>&);
template testing::AssertionResult same_bits(const Array<uint16_t>&, const Array<uint16_t>&);
template testing::AssertionResult same_bits(const Array<int32_t>&, const Array<int32_t>&);

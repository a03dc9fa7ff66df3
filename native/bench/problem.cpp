#include "problem.h"

#include "device_array.h"

#include <cmath>
#include <random>

namespace bench {
namespace {

Array<float> window_centres(int64_t height, int64_t width) {
    int64_t count = 0;
    must(lposs_windows_count(height, width, 224, 112, &count));
    Array<int32_t> windows({count, 4});
    const lposs_tensor window_tensor = view(windows);
    must(lposs_windows_fill(height, width, 224, 112, &window_tensor));
    int64_t patches = 0;
    must(lposs_patches_count(&window_tensor, 16, &patches));
    Array<float> centres({patches, 2});
    const lposs_tensor centre_tensor = view(centres);
    must(lposs_patches_get_centres(&window_tensor, 16, &centre_tensor));
    return centres;
}

/// Patch counts of their own lie on a square grid with a step of 8 pixels, as dense as overlapping windows.
Array<float> grid_centres(int64_t patches) {
    const auto side = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(patches))));
    Array<float> centres({patches, 2});
    for (int64_t i = 0; i < patches; ++i) {
        centres(i, 0) = static_cast<float>(8 * (i / side));
        centres(i, 1) = static_cast<float>(8 * (i % side));
    }
    return centres;
}

/// A handful of regions with colours of their own, a slow gradient and a little noise, as in a photograph.
Array<uint8_t> make_image(int64_t height, int64_t width, std::mt19937& random) {
    std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
    std::normal_distribution<float> normal;
    constexpr int64_t cells = 12;
    Array<float> colours({cells, cells, 3});
    for (float& value : colours.values) value = uniform(random);
    Array<uint8_t> image({height, width, 3});
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
            for (int64_t c = 0; c < 3; ++c) {
                const auto fy = static_cast<float>(y) / static_cast<float>(height);
                const float base = colours(y * cells / height, x * cells / width, c);
                const float value = 255.0F * (0.8F * base + 0.2F * fy) + 2.0F * normal(random);
                image(y, x, c) = static_cast<uint8_t>(std::fmin(std::fmax(value, 0.0F), 255.0F));
            }
    return image;
}

Array<float> scores(int64_t n, int64_t classes, std::mt19937& random) {
    std::normal_distribution<float> normal;
    Array<float> values({n, classes});
    for (float& value : values.values) value = 0.2F + 0.05F * normal(random);
    return values;
}

} // namespace

Array<uint8_t> make_picture(int64_t height, int64_t width) {
    std::mt19937 random(12345);
    return make_image(height, width, random);
}

Array<float> make_scores(int64_t n, int64_t classes) {
    std::mt19937 random(12345);
    return scores(n, classes, random);
}

Problem make_problem(int64_t height, int64_t width, int64_t patches, int64_t dimensions, int64_t classes) {
    std::mt19937 random(12345);
    std::normal_distribution<float> normal;
    Problem problem;
    problem.height = height;
    problem.width = width;
    problem.dimensions = dimensions;
    problem.classes = classes;
    problem.centres = patches > 0 ? grid_centres(patches) : window_centres(height, width);
    problem.patches = problem.centres.shape[0];
    problem.image = make_image(height, width, random);

    constexpr int64_t clusters = 20;
    Array<float> means({clusters, dimensions});
    for (float& value : means.values) value = 0.7F + normal(random);
    problem.features = Array<float>({problem.patches, dimensions});
    for (int64_t i = 0; i < problem.patches; ++i)
        for (int64_t d = 0; d < dimensions; ++d)
            problem.features(i, d) = means(i % clusters, d) + 0.8F * normal(random);

    problem.patch_scores = scores(problem.patches, classes, random);
    problem.pixel_scores = scores(height * width, classes, random);
    return problem;
}

} // namespace bench

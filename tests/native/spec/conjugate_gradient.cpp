#include "spec/conjugate_gradient.h"

#include <cmath>

namespace spec {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

// (I - alpha S) p
Vector apply(const Graph& s, double alpha, const Vector& p) {
    Vector q(p);
    for (int64_t i = 0; i < s.node_count(); ++i)
        for (const auto& [j, weight] : s[i]) q[static_cast<size_t>(i)] -= alpha * weight * p[static_cast<size_t>(j)];
    return q;
}

Array<double> without_class_mean(Array<double> y) {
    for (int64_t i = 0; i < y.shape[0]; ++i) {
        double mean = 0;
        for (int64_t c = 0; c < y.shape[1]; ++c) mean += y(i, c) / static_cast<double>(y.shape[1]);
        for (int64_t c = 0; c < y.shape[1]; ++c) y(i, c) -= mean;
    }
    return y;
}

} // namespace

Solution propagate(const Graph& w, const Array<double>& scores, const lposs_solver_options& options) {
    const Array<double> y = options.subtract_class_mean ? without_class_mean(scores) : scores;
    const Graph s = normalise(w);
    const double alpha = options.alpha;
    Solution solution{Array<double>(y.shape), {}, {}};
    for (int64_t c = 0; c < y.shape[1]; ++c) {
        Vector b;
        for (int64_t i = 0; i < y.shape[0]; ++i) b.push_back(y(i, c));
        const double length = std::sqrt(dot(b, b));
        Vector x(b.size()), r(b), p(b);
        int32_t steps = 0;
        while (length > 0 && steps < options.max_steps) {
            const Vector q = apply(s, alpha, p);
            const double rr = dot(r, r), a = rr / dot(p, q);
            for (size_t i = 0; i < x.size(); ++i) {
                x[i] += a * p[i];
                r[i] -= a * q[i];
            }
            ++steps;
            const double next = dot(r, r);
            if (std::sqrt(next) <= static_cast<double>(options.tolerance) * length) break;
            for (size_t i = 0; i < p.size(); ++i) p[i] = r[i] + next / rr * p[i];
        }
        const Vector product = apply(s, alpha, x);
        double rest = 0;
        for (size_t i = 0; i < x.size(); ++i) {
            solution.x(static_cast<int64_t>(i), c) = x[i];
            rest += (b[i] - product[i]) * (b[i] - product[i]);
        }
        solution.steps.push_back(steps);
        solution.residuals.push_back(length > 0 ? std::sqrt(rest) / length : 0);
    }
    return solution;
}

} // namespace spec

// The banded layout of an image: neighbours of all lanes of a vector form a vector.
//
// The image's longer side is cut into `lanes` bands of `rows` rows each; lane l of the vector (row, column) is the
// pixel (l * rows + row, column). A neighbour (dy, dx) of all lanes is then the aligned vector (row + dy, column + dx),
// for any number of classes: no unaligned load, no half-empty vector. Where row + dy leaves the band, the vector is
// that of another row with its lanes rotated. What is stored is a plane per class: column_radius zero vectors, then
// `rows` rows of `columns` vectors and column_radius zero vectors, which are the margin on the right of a row and on
// the left of the next.
#pragma once

#include "core/image_size.h"
#include "cpu/kernels/banded.h"

#include <cstdint>

namespace lposs::cpu {

struct BandedLayout {
    /// size, radius >= 1 in pixels, lanes a power of two.
    BandedLayout(ImageSize size, int32_t radius, int lanes);

    int lanes;
    int32_t row_radius;    ///< radius, or what fits the image if that is less
    int32_t column_radius; ///< likewise
    int64_t length;        ///< the longer side: rows of all bands that are pixels
    int64_t rows;          ///< of a band: ceil(length / lanes)
    int64_t columns;       ///< the shorter side
    int64_t pitch;         ///< vectors from one row to the next
    int64_t row_nodes;     ///< distance of two rows in the caller's array of pixels
    int64_t column_nodes;  ///< distance of two columns there

    /// Floats from the start of a plane to the vector (row, column).
    int64_t at(int64_t row, int64_t column) const { return (column_radius + row * pitch + column) * lanes; }
    /// Floats of a plane.
    int64_t plane() const { return at(rows, 0); }
    /// The caller's index of lane 0 of the vector (row, column).
    int64_t node(int64_t row, int64_t column) const { return row * row_nodes + column * column_nodes; }
    /// Lanes of this row that are pixels; they are the first ones.
    int32_t lanes_in(int64_t row) const;
};

/// Values of the caller's pixels, value c of a pixel at source[node * stride + c], into `count` planes that lie `plane`
/// floats apart; rows [first, last) with their margins. Lanes and margins that are no pixels get `outside`.
void to_banded(const BandedLayout& layout, const BandedKernels& kernels, const float* source, int64_t stride,
               int64_t count, float* planes, int64_t plane, int64_t first, int64_t last, float outside);

/// The way back: value c of a pixel to target[node * stride + c]; rows [first, last).
void from_banded(const BandedLayout& layout, const BandedKernels& kernels, const float* planes, int64_t plane,
                 int64_t count, float* target, int64_t stride, int64_t first, int64_t last);

} // namespace lposs::cpu

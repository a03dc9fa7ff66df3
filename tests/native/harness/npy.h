// Reads the .npy files of tests/golden: version 1.0, C order, the dtypes that are there.
#pragma once
#include "spec/array.h"

#include <string>

/// T must be the file's dtype (uint8_t, int32_t, float); throws std::runtime_error naming the file otherwise.
template <class T>
Array<T> read_npy(const std::string& path);

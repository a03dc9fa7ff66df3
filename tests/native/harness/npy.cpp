#include "harness/npy.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <type_traits>

namespace {

template <class T>
constexpr const char* description = std::is_same_v<T, uint8_t>   ? "|u1"
                                    : std::is_same_v<T, int32_t> ? "<i4"
                                                                 : "<f4";

std::string value_of(const std::string& header, const std::string& key) {
    const size_t at = header.find("'" + key + "': ");
    return at == std::string::npos ? "" : header.substr(at + key.size() + 4);
}

} // namespace

template <class T>
Array<T> read_npy(const std::string& path) {
    const auto refuse = [&](const char* why) { throw std::runtime_error(path + ": " + why); };
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("cannot be opened");
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (bytes.size() < 10 || bytes.compare(0, 8, std::string("\x93NUMPY\x01\x00", 8)) != 0)
        refuse("is not an .npy file of version 1.0");
    const size_t length = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
    const std::string header = bytes.substr(10, length);
    if (value_of(header, "descr").rfind(std::string("'") + description<T>, 0) != 0) refuse("has another dtype");
    if (value_of(header, "fortran_order").rfind("False", 0) != 0) refuse("is not in C order");

    std::vector<int64_t> shape;
    const std::string list = value_of(header, "shape").substr(1);
    std::istringstream numbers(list.substr(0, list.find(')')));
    for (std::string number; std::getline(numbers, number, ',');)
        if (number.find_first_not_of(' ') != std::string::npos) shape.push_back(std::stoll(number));

    Array<T> array(shape);
    if (bytes.size() - 10 - length != array.values.size() * sizeof(T)) refuse("has another size than its shape says");
    std::memcpy(array.values.data(), bytes.data() + 10 + length, array.values.size() * sizeof(T));
    return array;
}

template Array<uint8_t> read_npy(const std::string&);
template Array<int32_t> read_npy(const std::string&);
template Array<float> read_npy(const std::string&);

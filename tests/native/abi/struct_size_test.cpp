// Structs of older and newer callers. The reader and writer are those of the library; each struct of lposs.h goes
// through them as it is, longer and shorter.
#include "core/struct_io.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

template <class Struct>
struct Init;
#define INIT_BY(name)                                                                                                  \
    template <>                                                                                                        \
    struct Init<name> {                                                                                                \
        static constexpr const char* text = #name;                                                                     \
        static void fill(name* value) { name##_init(value); }                                                          \
    }
INIT_BY(lposs_tensor);
INIT_BY(lposs_allocator);
INIT_BY(lposs_context_options);
INIT_BY(lposs_context_info);
INIT_BY(lposs_patch_graph_options);
INIT_BY(lposs_pixel_graph_options);
INIT_BY(lposs_solver_options);
INIT_BY(lposs_segment_inputs);
INIT_BY(lposs_segment_options);
INIT_BY(lposs_segment_outputs);
INIT_BY(lposs_solve_report);
INIT_BY(lposs_segment_report);
INIT_BY(lposs_refine_options);
INIT_BY(lposs_refine_inputs);
INIT_BY(lposs_graph_info);
INIT_BY(lposs_option_info);
#undef INIT_BY

template <class Struct>
class StructSize : public testing::Test {
protected:
    StructSize() { Init<Struct>::fill(&value_); }

    /// The struct as a caller with a header that is `extra` bytes newer has it.
    std::vector<unsigned char> newer(size_t extra) const {
        std::vector<unsigned char> bytes(sizeof(Struct) + extra);
        std::memcpy(bytes.data(), &value_, sizeof value_);
        const auto size = static_cast<uint32_t>(bytes.size());
        std::memcpy(bytes.data(), &size, sizeof size);
        return bytes;
    }

    /// "" or the text of the refusal.
    static std::string refusal(const Struct* given) {
        Struct defaults;
        Init<Struct>::fill(&defaults);
        try {
            lposs::read_struct(given, "it", defaults);
        } catch (const lposs::Error& error) {
            EXPECT_EQ(error.status(), LPOSS_ERROR_INVALID_ARGUMENT);
            return error.what();
        }
        return "";
    }

    Struct value_;
};

using Structs =
    testing::Types<lposs_tensor, lposs_allocator, lposs_context_options, lposs_context_info, lposs_patch_graph_options,
                   lposs_pixel_graph_options, lposs_solver_options, lposs_segment_inputs, lposs_segment_options,
                   lposs_segment_outputs, lposs_solve_report, lposs_segment_report, lposs_refine_options,
                   lposs_refine_inputs, lposs_graph_info, lposs_option_info>;

class StructName {
public:
    template <class Struct>
    static std::string GetName(int) {
        return Init<Struct>::text;
    }
};
TYPED_TEST_SUITE(StructSize, Structs, StructName);

TYPED_TEST(StructSize, OfNothingIsNotSet) {
    Init<TypeParam>::fill(nullptr);
}

TYPED_TEST(StructSize, OfThisVersionIsTaken) {
    EXPECT_EQ(this->value_.struct_size, sizeof(TypeParam));
    EXPECT_EQ(this->refusal(&this->value_), "");
}

/// The first release's callers stay valid for ever.
TYPED_TEST(StructSize, OfTheFirstReleaseIsTaken) {
    this->value_.struct_size = lposs::FirstSize<TypeParam>::value;
    EXPECT_EQ(this->refusal(&this->value_), "");
}

TYPED_TEST(StructSize, TruncatedBelowTheFirstReleaseIsRefused) {
    for (const uint32_t size : {uint32_t{0}, uint32_t{1}, lposs::FirstSize<TypeParam>::value - 1}) {
        this->value_.struct_size = size;
        EXPECT_NE(this->refusal(&this->value_).find("it.struct_size: is " + std::to_string(size)), std::string::npos);
    }
}

TYPED_TEST(StructSize, ExtendedByZerosIsTaken) {
    const auto bytes = this->newer(24);
    EXPECT_EQ(this->refusal(reinterpret_cast<const TypeParam*>(bytes.data())), "");
}

TYPED_TEST(StructSize, ExtendedBySomethingUnknownIsRefused) {
    auto bytes = this->newer(24);
    bytes[sizeof(TypeParam) + 5] = 1;
    const std::string text = this->refusal(reinterpret_cast<const TypeParam*>(bytes.data()));
    EXPECT_NE(text.find("it: byte " + std::to_string(sizeof(TypeParam) + 5)), std::string::npos) << text;
}

/// A later library's struct, with a field that this version's callers do not know.
template <class Struct>
struct Later {
    uint32_t struct_size;
    unsigned char now[sizeof(Struct) - sizeof(uint32_t)];
    int64_t added;
};

TYPED_TEST(StructSize, TruncatedToAnOlderCallersKeepsTheDefaultsBeyond) {
    Later<TypeParam> defaults{};
    defaults.struct_size = sizeof defaults;
    defaults.added = 7;
    const auto found = lposs::read_struct(reinterpret_cast<const Later<TypeParam>*>(&this->value_), "it", defaults,
                                          lposs::FirstSize<TypeParam>::value);
    EXPECT_EQ(found.added, 7);
    EXPECT_EQ(found.struct_size, sizeof defaults);
    EXPECT_EQ(std::memcmp(found.now, reinterpret_cast<const unsigned char*>(&this->value_) + sizeof(uint32_t),
                          sizeof found.now),
              0);
}

TYPED_TEST(StructSize, OfAnOutputIsWrittenNoFurtherThanItsCallerHasRoom) {
    Later<TypeParam> value{};
    std::memset(value.now, 0x11, sizeof value.now);
    value.added = 9;
    struct {
        TypeParam target;
        unsigned char guard[16];
    } older;
    std::memset(&older, 0xA5, sizeof older);
    older.target.struct_size = sizeof(TypeParam);
    lposs::write_struct(reinterpret_cast<Later<TypeParam>*>(&older.target), value);
    EXPECT_EQ(older.target.struct_size, sizeof(TypeParam));
    for (const unsigned char byte : older.guard) EXPECT_EQ(byte, 0xA5);
}

TYPED_TEST(StructSize, OfAnOutputThatIsNewerIsZeroBeyondWhatIsKnown) {
    auto bytes = this->newer(24);
    std::fill(bytes.begin() + sizeof(TypeParam), bytes.end(), static_cast<unsigned char>(0xA5));
    lposs::write_struct(reinterpret_cast<TypeParam*>(bytes.data()), this->value_);
    for (size_t i = sizeof(TypeParam); i < bytes.size(); ++i) EXPECT_EQ(bytes[i], 0);
}

} // namespace

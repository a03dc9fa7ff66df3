// What each parameter of the method may be, for callers with settings of their own.
#include "api/guard.h"
#include "core/option_table.h"
#include "core/struct_io.h"

#include <vector>

namespace lposs {
namespace {

struct OptionList {
    std::vector<std::string> names;
    std::vector<lposs_option_info> infos;

    OptionList() {
        add<lposs_patch_graph_options>("patch_graph.");
        add<lposs_pixel_graph_options>("pixel_graph.");
        add<lposs_solver_options>("solver.");
        for (size_t i = 0; i < names.size(); ++i) infos[i].name = names[i].c_str();
    }

private:
    template <class Struct>
    void add(const char* prefix) {
        const Struct standard{};
        for (const Option<Struct>& option : options_of(standard)) {
            lposs_option_info info;
            lposs_option_info_init(&info);
            info.is_integer = std::holds_alternative<int32_t Struct::*>(option.field);
            info.standard = option.standard;
            info.minimum = option.range.minimum;
            info.maximum = option.range.maximum;
            info.excludes_minimum = option.range.excludes_minimum;
            info.excludes_maximum = option.range.excludes_maximum;
            infos.push_back(info);
            names.push_back(std::string(prefix) + option.name);
        }
    }
};

const OptionList& all_options() {
    static const OptionList list;
    return list;
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_option_count(int32_t* count) {
    return guard([&] {
        if (!count) fail(LPOSS_ERROR_INVALID_ARGUMENT, "count: is NULL");
        *count = static_cast<int32_t>(all_options().infos.size());
    });
}

LPOSS_API lposs_status lposs_option_get_info(int32_t index, lposs_option_info* info) {
    return guard([&] {
        const auto& infos = all_options().infos;
        if (index < 0 || static_cast<size_t>(index) >= infos.size())
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "index: is %d; it may be 0 to %zu", index, infos.size() - 1);
        check_struct_size(info, "info");
        write_struct(info, infos[static_cast<size_t>(index)]);
    });
}

} // extern "C"

// The header alone, twice, as C++.
#include "lposs/lposs.h"

extern "C" {
extern const decltype(&lposs_image_segment) lposs_header_in_cpp;
const decltype(&lposs_image_segment) lposs_header_in_cpp = lposs_image_segment;
}

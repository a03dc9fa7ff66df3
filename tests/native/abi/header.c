/* The header alone, twice, as C11: whatever it needs it includes itself. */
#include "lposs/lposs.h"

lposs_status (*const lposs_header_in_c)(lposs_context*, const lposs_segment_inputs*, const lposs_segment_options*,
                                        const lposs_segment_outputs*, lposs_segment_report*) = lposs_image_segment;

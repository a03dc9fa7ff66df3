#include "harness/refusal.h"

testing::AssertionResult refused(lposs_status status, lposs_status expected, std::initializer_list<std::string> words) {
    const std::string text = lposs_last_error();
    if (status != expected)
        return testing::AssertionFailure() << "the status is " << lposs_status_name(status) << " and not "
                                           << lposs_status_name(expected) << " (" << text << ")";
    for (const std::string& word : words)
        if (text.find(word) == std::string::npos)
            return testing::AssertionFailure() << "the text does not say '" << word << "': " << text;
    return testing::AssertionSuccess();
}

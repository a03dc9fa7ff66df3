// The border: every exported function that can fail runs its body in guard(), which turns what is thrown into a status
// and a text for the calling thread, and clears the text first.
#pragma once

#include "core/context.h"

#include <new>

namespace lposs {

void clear_last_error() noexcept;
void set_last_error(const char* text) noexcept;

template <class Body>
lposs_status guard(Body&& body) noexcept {
    clear_last_error();
    try {
        body();
        return LPOSS_OK;
    } catch (const Error& error) {
        set_last_error(error.what());
        return error.status();
    } catch (const std::bad_alloc&) {
        set_last_error("the system has no more memory for this call");
        return LPOSS_ERROR_OUT_OF_MEMORY;
    } catch (const std::exception& error) {
        set_last_error(error.what());
        return LPOSS_ERROR_INTERNAL;
    } catch (...) {
        set_last_error("an unknown exception was thrown inside the library");
        return LPOSS_ERROR_INTERNAL;
    }
}

/// The same for a call on a context, which body(backend) has to itself.
template <class Body>
lposs_status guard(lposs_context* context, Body&& body) noexcept {
    return guard([&] {
        const ContextCall call(context);
        body(call.backend());
    });
}

} // namespace lposs

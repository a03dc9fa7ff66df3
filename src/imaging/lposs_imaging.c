/*
 * Pictures through libvips: header first, then strips of rows straight into the caller's array.
 *
 * The strips are pulled on the calling thread from a sequential source, so a picture is never held twice.
 * Only a picture that must be turned is copied to memory first: a turn reads against the direction of the
 * file.
 */
#include "lposs_imaging.h"

#include <pthread.h>
#include <string.h>

#include <vips/vips.h>

enum { ROWS_PER_STRIP = 128 };

struct lposs_picture {
    VipsSource* source;
    VipsImage* image;
    int colour_channels; /* 0: cannot be decoded */
    int orientation;
};

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static int library_ready;

static void drop_warning(const gchar* domain, GLogLevelFlags level, const gchar* message, gpointer data) {
    (void)domain;
    (void)level;
    (void)message;
    (void)data;
}

static void start_library(void) {
    if (vips_init("lposs") != 0) return;
    /* A library does not print: what matters comes back as a status. */
    g_log_set_handler("VIPS",
                      G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG,
                      drop_warning, NULL);
    vips_block_untrusted_set(TRUE);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    library_ready = 1;
}

static int32_t fail(lposs_picture_status status, char* text, size_t text_size) {
    char* words = vips_error_buffer_copy();
    if (text != NULL && text_size > 0) g_strlcpy(text, words, text_size);
    g_free(words);
    return status;
}

static int32_t fail_call(const char* words, char* text, size_t text_size) {
    if (text != NULL && text_size > 0) g_strlcpy(text, words, text_size);
    return LPOSS_PICTURE_BAD_CALL;
}

/* The allow-list: a format that is not here has no way to a decoder. */
static VipsImage* load(VipsSource* source, int32_t format) {
    VipsImage* image = NULL;
#define OPTIONS "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL
    switch (format) {
    case LPOSS_PICTURE_JPEG:
        (void)vips_jpegload_source(source, &image, OPTIONS);
        break;
    case LPOSS_PICTURE_PNG:
        (void)vips_pngload_source(source, &image, OPTIONS);
        break;
    case LPOSS_PICTURE_WEBP:
        (void)vips_webpload_source(source, &image, OPTIONS);
        break;
    case LPOSS_PICTURE_TIFF:
        (void)vips_tiffload_source(source, &image, OPTIONS);
        break;
    case LPOSS_PICTURE_GIF:
        (void)vips_gifload_source(source, &image, OPTIONS);
        break;
    default:
        break;
    }
#undef OPTIONS
    return image;
}

static int32_t sample_of(VipsBandFormat format) {
    if (vips_band_format_iscomplex(format)) return LPOSS_PICTURE_COMPLEX;
    if (vips_band_format_isfloat(format)) return LPOSS_PICTURE_FLOAT;
    return vips_band_format_isuint(format) ? LPOSS_PICTURE_UNSIGNED : LPOSS_PICTURE_SIGNED;
}

static int32_t colour_of(const VipsImage* image) {
    switch (vips_image_guess_interpretation(image)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
        return LPOSS_PICTURE_GRAY;
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_scRGB:
        return LPOSS_PICTURE_RGB;
    case VIPS_INTERPRETATION_CMYK:
        return LPOSS_PICTURE_CMYK;
    default:
        return LPOSS_PICTURE_OTHER_COLOUR;
    }
}

static int colour_channels_of(const lposs_picture_info* info) {
    static const int channels[] = {
        [LPOSS_PICTURE_GRAY] = 1, [LPOSS_PICTURE_RGB] = 3, [LPOSS_PICTURE_CMYK] = 4};
    if (info->sample != LPOSS_PICTURE_UNSIGNED || info->bits > 16) return 0;
    if (info->colour == LPOSS_PICTURE_OTHER_COLOUR) return 0;
    return info->channels >= channels[info->colour] ? channels[info->colour] : 0;
}

static lposs_picture_info describe(VipsImage* image) {
    const int turned = vips_image_get_orientation_swap(image);
    const int width = vips_image_get_width(image);
    const int height = vips_image_get_height(image);
    const VipsBandFormat format = vips_image_get_format(image);
    return (lposs_picture_info){
        .width = turned ? height : width,
        .height = turned ? width : height,
        .channels = vips_image_get_bands(image),
        .bits = (int32_t)(8 * vips_format_sizeof(format)),
        .colour = colour_of(image),
        .sample = sample_of(format),
        .orientation = vips_image_get_orientation(image),
        .pages = vips_image_get_n_pages(image),
    };
}

/* Takes over the source. */
static int32_t open_source(VipsSource* source, int32_t format, lposs_picture** picture,
                           lposs_picture_info* info, char* text, size_t text_size) {
    if (source == NULL) return fail(LPOSS_PICTURE_BAD_HEADER, text, text_size);
    VipsImage* image = load(source, format);
    if (image == NULL) {
        g_object_unref(source);
        return fail(LPOSS_PICTURE_BAD_HEADER, text, text_size);
    }
    *info = describe(image);
    lposs_picture* opened = g_new0(lposs_picture, 1);
    opened->source = source;
    opened->image = image;
    opened->colour_channels = colour_channels_of(info);
    opened->orientation = info->orientation;
    *picture = opened;
    return LPOSS_PICTURE_OK;
}

/* Replaces an image by the result of an operation on it; NULL stays NULL. */
static VipsImage* follow(VipsImage* image, int failed, VipsImage* result) {
    g_object_unref(image);
    return failed ? NULL : result;
}

/* A new reference to the picture as upright sRGB with 8 bits, or NULL. */
static VipsImage* upright_srgb(const lposs_picture* picture) {
    VipsImage* image = picture->image;
    VipsImage* next = NULL;
    g_object_ref(image);

    if (vips_image_get_bands(image) > picture->colour_channels) {
        const int failed = vips_extract_band(image, &next, 0, "n", picture->colour_channels, NULL);
        if ((image = follow(image, failed, next)) == NULL) return NULL;
    }
    if (vips_image_get_interpretation(image) != VIPS_INTERPRETATION_sRGB) {
        const int failed = vips_colourspace(image, &next, VIPS_INTERPRETATION_sRGB, NULL);
        if ((image = follow(image, failed, next)) == NULL) return NULL;
    }
    if (picture->orientation > 1) {
        next = vips_image_copy_memory(image);
        if ((image = follow(image, next == NULL, next)) == NULL) return NULL;
        const int failed = vips_autorot(image, &next, NULL);
        image = follow(image, failed, next);
    }
    return image;
}

static int copy_rows(VipsImage* image, uint8_t* pixels) {
    const int width = vips_image_get_width(image);
    const int height = vips_image_get_height(image);
    const size_t row_size = (size_t)width * 3;
    VipsRegion* region = vips_region_new(image);
    int failed = 0;
    for (int top = 0; top < height; top += ROWS_PER_STRIP) {
        const VipsRect strip = {0, top, width, VIPS_MIN(ROWS_PER_STRIP, height - top)};
        failed = vips_region_prepare(region, &strip);
        if (failed) break;
        /* The region may hold more than the strip. */
        const VipsPel* row = region->data + (ptrdiff_t)(top - region->valid.top) * region->bpl;
        row -= (ptrdiff_t)region->valid.left * 3;
        for (int y = top; y < top + strip.height; y++, row += region->bpl)
            memcpy(pixels + (size_t)y * row_size, row, row_size);
    }
    g_object_unref(region);
    return failed;
}

int32_t lposs_picture_open_descriptor(intptr_t descriptor, int32_t format, lposs_picture** picture,
                                      lposs_picture_info* info, char* text, size_t text_size) {
    if (picture == NULL || info == NULL) return fail_call("picture or info is NULL", text, text_size);
    *picture = NULL;
    if (descriptor < 0 || descriptor > INT32_MAX)
        return fail_call("descriptor is no descriptor", text, text_size);
    pthread_once(&library_once, start_library);
    if (!library_ready) return fail(LPOSS_PICTURE_NO_LIBRARY, text, text_size);
    vips_error_clear();
    return open_source(vips_source_new_from_descriptor((int)descriptor), format, picture, info, text,
                       text_size);
}

int32_t lposs_picture_open_memory(const void* bytes, size_t size, int32_t format, lposs_picture** picture,
                                  lposs_picture_info* info, char* text, size_t text_size) {
    if (picture == NULL || info == NULL) return fail_call("picture or info is NULL", text, text_size);
    *picture = NULL;
    if (bytes == NULL || size == 0) return fail_call("bytes are NULL or none", text, text_size);
    pthread_once(&library_once, start_library);
    if (!library_ready) return fail(LPOSS_PICTURE_NO_LIBRARY, text, text_size);
    vips_error_clear();
    return open_source(vips_source_new_from_memory(bytes, size), format, picture, info, text, text_size);
}

int32_t lposs_picture_decode(lposs_picture* picture, uint8_t* pixels, size_t size, char* text,
                             size_t text_size) {
    if (picture == NULL || pixels == NULL) return fail_call("picture or pixels is NULL", text, text_size);
    if (picture->colour_channels == 0)
        return fail_call("pixels of this kind are not decoded", text, text_size);
    const size_t width = (size_t)vips_image_get_width(picture->image);
    const size_t height = (size_t)vips_image_get_height(picture->image);
    /* libvips holds each side below 2^31, so size / 3 / width cannot be fooled by an overflow. */
    if (size / 3 / width < height) return fail_call("pixels is smaller than the picture", text, text_size);
    vips_error_clear();
    VipsImage* image = upright_srgb(picture);
    if (image == NULL) return fail(LPOSS_PICTURE_BAD_PIXELS, text, text_size);
    const int whole = vips_image_get_bands(image) == 3 && vips_image_get_format(image) == VIPS_FORMAT_UCHAR;
    const int failed = !whole || copy_rows(image, pixels);
    g_object_unref(image);
    return failed ? fail(LPOSS_PICTURE_BAD_PIXELS, text, text_size) : LPOSS_PICTURE_OK;
}

void lposs_picture_close(lposs_picture* picture) {
    if (picture == NULL) return;
    g_object_unref(picture->image);
    g_object_unref(picture->source);
    g_free(picture);
}

const char* lposs_imaging_vips_version(void) {
    return vips_version_string();
}

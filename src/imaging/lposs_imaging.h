/*
 * lposs_imaging: pictures for the host of LPOSS.Native.
 *
 * A picture file becomes row-major RGB8 [height, width, 3] in the caller's own array, in two steps, so that
 * the caller can look at the size before a byte is allocated:
 *
 *     lposs_picture* picture = NULL;
 *     lposs_picture_info info;
 *     if (lposs_picture_open_descriptor(fd, LPOSS_PICTURE_JPEG, &picture, &info, text, sizeof text) == 0) {
 *         ... check info.width * info.height, allocate ...
 *         status = lposs_picture_decode(picture, pixels, size, text, sizeof text);
 *     }
 *     lposs_picture_close(picture);
 *
 * The caller names the format (it has looked at the first bytes), and only that format's decoder runs: no
 * decoder is ever chosen by a file's name, and none outside lposs_picture_format can be reached.
 *
 * Errors: 0 is success. On failure `text` (NULL is accepted) receives the decoder's own words, cut to
 * `text_size`. libvips keeps these words for the whole process, so pictures that fail on several threads at
 * the same instant may mix theirs; the status never mixes.
 *
 * Threads: every function may be called on any thread; one picture belongs to one thread at a time. Decoding
 * runs on the calling thread alone.
 */
#ifndef LPOSS_IMAGING_H
#define LPOSS_IMAGING_H

#include <stddef.h>
#include <stdint.h>

#define LPOSS_IMAGING_API __attribute__((visibility("default")))

typedef enum lposs_picture_status {
    LPOSS_PICTURE_OK = 0,
    LPOSS_PICTURE_NO_LIBRARY = 1, /* libvips could not be started */
    LPOSS_PICTURE_BAD_CALL = 2,   /* an argument is NULL, unknown, or too small */
    LPOSS_PICTURE_BAD_HEADER = 3, /* the file does not open as the format it was called */
    LPOSS_PICTURE_BAD_PIXELS = 4, /* the header is good, the pixels are damaged or missing */
} lposs_picture_status;

typedef enum lposs_picture_format {
    LPOSS_PICTURE_JPEG = 0,
    LPOSS_PICTURE_PNG = 1,
    LPOSS_PICTURE_WEBP = 2,
    LPOSS_PICTURE_TIFF = 3,
    LPOSS_PICTURE_GIF = 4,
} lposs_picture_format;

typedef enum lposs_picture_colour {
    LPOSS_PICTURE_GRAY = 0,
    LPOSS_PICTURE_RGB = 1,
    LPOSS_PICTURE_CMYK = 2,
    LPOSS_PICTURE_OTHER_COLOUR = 3, /* cannot be decoded here: CIELAB, a stack of channels, ... */
} lposs_picture_colour;

typedef enum lposs_picture_sample {
    LPOSS_PICTURE_UNSIGNED = 0,
    LPOSS_PICTURE_SIGNED = 1,  /* cannot be decoded here */
    LPOSS_PICTURE_FLOAT = 2,   /* cannot be decoded here */
    LPOSS_PICTURE_COMPLEX = 3, /* cannot be decoded here */
} lposs_picture_sample;

/* What the header says. Sizes are in pixels, after the orientation that the file asks for. */
typedef struct lposs_picture_info {
    int32_t width;
    int32_t height;
    int32_t channels;    /* as stored, alpha and other extra channels included */
    int32_t bits;        /* per sample, as decoded: 8 or more */
    int32_t colour;      /* lposs_picture_colour */
    int32_t sample;      /* lposs_picture_sample */
    int32_t orientation; /* EXIF 1 to 8; 1 is upright */
    int32_t pages;       /* pages or frames in the file; the first one is decoded */
} lposs_picture_info;

typedef struct lposs_picture lposs_picture;

/*
 * Opens the file behind a descriptor and reads its header. The descriptor must be at offset 0; it is
 * duplicated and stays the caller's, who must not move it before lposs_picture_close.
 */
LPOSS_IMAGING_API int32_t lposs_picture_open_descriptor(intptr_t descriptor, int32_t format,
                                                        lposs_picture** picture, lposs_picture_info* info,
                                                        char* text, size_t text_size);

/* The same for bytes in memory. They are not copied: they must stay where they are until lposs_picture_close.
 */
LPOSS_IMAGING_API int32_t lposs_picture_open_memory(const void* bytes, size_t size, int32_t format,
                                                    lposs_picture** picture, lposs_picture_info* info,
                                                    char* text, size_t text_size);

/*
 * Decodes into pixels [info.height, info.width, 3], `size` bytes, upright, as sRGB with 8 bits: gray is
 * repeated, 16 bits keep the upper 8, CMYK goes through its ICC profile (a standard one where the file has
 * none), alpha and other extra channels are left out. Profiles of RGB and gray pictures are not applied, as
 * in the tools that the encoders were trained with. Can be called once for each picture. On failure `pixels`
 * holds what was decoded so far.
 */
LPOSS_IMAGING_API int32_t lposs_picture_decode(lposs_picture* picture, uint8_t* pixels, size_t size,
                                               char* text, size_t text_size);

/* Frees the picture. NULL is accepted. */
LPOSS_IMAGING_API void lposs_picture_close(lposs_picture* picture);

/* Version of libvips, such as "8.18.7"; a static text. */
LPOSS_IMAGING_API const char* lposs_imaging_vips_version(void);

#endif
